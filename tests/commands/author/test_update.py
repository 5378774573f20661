"""`puppy-cli update`: the lock within ranges; with `to_latest` the ranges, too."""

from __future__ import annotations

import json

import pytest

from registry_tool.commands.author.add import add
from registry_tool.commands.author.update import update
from registry_tool.core.errors import NotFoundError, RegistryError
from tests.commands.author.requiring import MANIFEST, Scene, requiring_scene

__all__ = ["requiring_scene"]


def locked(scene: Scene) -> dict[str, str]:
    """Versions in the lock."""
    workflows = json.loads(scene.lock.read_text())["workflows"]
    return {name: entry["version"] for name, entry in workflows.items()}


def test_the_lock_is_taken_to_the_newest_of_the_ranges(scene: Scene) -> None:
    dry = update(scene.project, scene.registry, dry_run=True)
    assert not dry.written
    assert not scene.lock.exists()
    done = update(scene.project, scene.registry)
    assert [(s.name, s.what, s.before, s.after) for s in done.steps] == [
        ("hello", "version", "", "1.1.0")
    ]
    assert locked(scene) == {"hello": "1.1.0"}
    assert scene.manifest.read_text() == MANIFEST
    assert update(scene.project, scene.registry).steps == ()


@pytest.mark.parametrize(
    ("range_", "raised"), [("^1.0.0", "^2.0.0"), ("~1.0.0", "~2.0.0"), ("1.0.0", "2.0.0")]
)
def test_to_the_latest_ranges_keep_their_kind(range_: str, raised: str, scene: Scene) -> None:
    scene.manifest.write_text(MANIFEST.replace("^1.0.0", range_))
    done = update(scene.project, scene.registry, to_latest=True)
    assert [(s.what, s.after) for s in done.steps] == [("range", raised), ("version", "2.0.0")]
    assert scene.manifest.read_text() == MANIFEST.replace("^1.0.0", raised)
    assert locked(scene) == {"hello": "2.0.0"}


def test_only_the_named_ones_move_and_a_conflict_writes_nothing(scene: Scene) -> None:
    scene.manifest.write_text(MANIFEST.replace("^1.0.0", "~1.0.0"))
    add("bye", scene.project, scene.registry)
    update(scene.project, scene.registry)
    scene.manifest.write_text(scene.manifest.read_text().replace("~1.0.0", "^1.0.0"))
    assert update(scene.project, scene.registry, ["bye"]).steps == ()
    assert locked(scene) == {"bye": "1.0.0", "hello": "1.0.0"}
    before = scene.manifest.read_text(), scene.lock.read_text()
    with pytest.raises(RegistryError, match="hello"):
        update(scene.project, scene.registry, to_latest=True)  # bye requires ^1
    assert (scene.manifest.read_text(), scene.lock.read_text()) == before
    with pytest.raises(NotFoundError, match="does not require") as error:
        update(scene.project, scene.registry, ["by"])
    assert "did you mean 'bye'?" in error.value.hint
