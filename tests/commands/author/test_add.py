"""`puppy-cli add`: resolved first, written in place, refused with the nearest name."""

from __future__ import annotations

import pytest

from registry_tool.commands.author.add import add
from registry_tool.core.errors import NotFoundError, RegistryError
from tests.commands.author.requiring import MANIFEST, Scene, requiring_scene

__all__ = ["requiring_scene"]


def test_a_requirement_is_added_behind_the_others(scene: Scene) -> None:
    done = add("bye", scene.project, scene.registry)
    assert (done.requirement.range, done.before, done.version) == ("^1.0.0", "", "1.0.0")
    assert scene.manifest.read_text() == f'{MANIFEST}        - {{ name: bye, version: "^1.0.0" }}\n'
    assert not scene.lock.exists()
    text = scene.manifest.read_text()
    assert add("bye", scene.project, scene.registry).before == "^1.0.0"
    assert scene.manifest.read_text() == text


def test_a_known_one_gets_another_range(scene: Scene) -> None:
    done = add("hello@~1.0.0", scene.project, scene.registry)
    assert (done.before, done.version) == ("^1.0.0", "1.0.0")
    assert scene.manifest.read_text() == MANIFEST.replace("^1.0.0", "~1.0.0")
    add("hello:2.0.0", scene.project, scene.registry)
    assert scene.manifest.read_text() == MANIFEST.replace("^1.0.0", "2.0.0")


def test_what_is_not_there_or_does_not_go_together_is_not_written(scene: Scene) -> None:
    with pytest.raises(NotFoundError) as error:
        add("helo", scene.project, scene.registry)
    assert "hello" in error.value.hint
    with pytest.raises(NotFoundError, match="no version of hello"):
        add("hello@^9", scene.project, scene.registry)
    add("bye", scene.project, scene.registry)
    text = scene.manifest.read_text()
    with pytest.raises(RegistryError, match="hello"):
        add("hello@^2", scene.project, scene.registry)  # bye requires ^1
    assert scene.manifest.read_text() == text
