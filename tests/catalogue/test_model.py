"""The catalogue as a value: what a version says of itself, and who depends on whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.catalogue.model import VersionFile
from registry_tool.manifest.model import Requirement
from registry_tool.manifest.notice import Level, Notice
from tests.catalogue.small import catalogue, version


def test_a_version_by_its_names() -> None:
    made = version("greet", "1.2.0")
    assert (made.name, made.number, made.reference) == ("greet", "1.2.0", "greet:1.2.0")
    assert made.manifest_path == "w/greet/1.2.0/manifest.yaml"
    assert replace(made, files=(VersionFile("a", 3, ""), VersionFile("b", 4, ""))).size == 7


@pytest.mark.parametrize(
    ("level", "yanked"), [(Level.NOTICE, ""), (Level.WARN, ""), (Level.BLOCK, "leaks")]
)
def test_only_what_blocks_is_yanked(level: Level, yanked: str) -> None:
    assert replace(version("a", "1.0.0"), notice=Notice("leaks", level)).yanked == yanked
    assert version("a", "1.0.0").yanked == ""


@pytest.mark.parametrize(
    ("about", "published", "released"),
    [
        ({"updated": "2024-02-01", "created": "2024-01-01"}, "2030-01-01", "2024-02-01"),
        ({"created": "2024-01-01"}, "2030-01-01", "2024-01-01"),
        ({}, "2030-01-01", "2030-01-01"),
        ({}, "", ""),
    ],
)
def test_the_manifest_says_before_git_when_it_was_released(
    about: dict[str, str], published: str, released: str
) -> None:
    made = replace(version("a", "1.0.0", **about), published=published)
    assert made.released == released


def test_lines_and_versions_are_found_and_dependents_are_every_version_that_requires() -> None:
    need = (Requirement("base", "^1"),)
    made = catalogue(
        version("base", "1.0.0"),
        version("user", "1.0.0", need),
        version("user", "1.1.0", (*need, Requirement("gone", "*"))),
        version("other", "2.0.0"),
    )
    assert list(made.by_name) == ["base", "user", "other"]
    assert made.by_name["user"].by_number["1.1.0"].reference == "user:1.1.0"
    found = {name: [one.reference for one in some] for name, some in made.dependents.items()}
    assert found == {"base": ["user:1.0.0", "user:1.1.0"], "gone": ["user:1.1.0"]}
