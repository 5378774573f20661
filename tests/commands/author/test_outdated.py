"""`puppy-cli outdated`: used, wanted and latest of every requirement."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author.outdated import outdated
from registry_tool.commands.author.update import update
from registry_tool.core.errors import NotFoundError
from tests.commands.author.requiring import MANIFEST, Scene, requiring_scene

__all__ = ["requiring_scene"]


def test_newer_versions_are_reported_by_how_much_they_differ(scene: Scene) -> None:
    (found,) = outdated(scene.project, scene.registry)
    assert (found.current, found.wanted, found.latest, found.kind) == (
        *("", "1.1.0", "2.0.0", "major"),
    )
    scene.manifest.write_text(MANIFEST.replace("^1.0.0", "~1.0.0"))
    update(scene.project, scene.registry)
    scene.manifest.write_text(MANIFEST)
    (found,) = outdated(scene.project, scene.registry)
    assert (found.current, found.used, found.wanted) == ("1.0.0", "1.0.0", "1.1.0")
    assert found.is_outdated
    assert found.to_value()["kind"] == "major"


def test_what_is_at_its_latest_is_not_outdated(scene: Scene) -> None:
    scene.manifest.write_text(MANIFEST.replace("^1.0.0", ">=1"))
    (found,) = outdated(scene.project, scene.registry)
    assert (found.kind, found.is_outdated) == ("none", False)


def test_without_requirements_no_registry_is_asked(scene: Scene, tmp_path: Path) -> None:
    scene.manifest.write_text(MANIFEST.partition("  runtime:")[0])
    assert outdated(scene.project, str(tmp_path / "nowhere")) == ()


def test_one_that_the_registry_does_not_have_is_an_error(scene: Scene) -> None:
    scene.manifest.write_text(MANIFEST.replace("name: hello", "name: helo"))
    with pytest.raises(NotFoundError, match="helo") as error:
        outdated(scene.project, scene.registry)
    assert "hello" in error.value.hint
