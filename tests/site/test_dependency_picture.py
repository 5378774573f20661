"""The picture of dependencies: each neighbour once, dependents above, requirements below, names are only text."""

from __future__ import annotations

from xml.etree import ElementTree

from registry_tool.site.dependency_picture import MOST, dependency_picture

SVG = "{http://www.w3.org/2000/svg}"


def boxes(picture: str) -> dict[str, int]:
    """The height at which each workflow stands, by its link."""
    root = ElementTree.fromstring(picture)
    return {
        link.get("href", ""): int(link.find(f"{SVG}rect").get("y", ""))  # type: ignore[union-attr]
        for link in root.iter(f"{SVG}a")
    }


def test_dependents_stand_above_and_requirements_below() -> None:
    found = boxes(dependency_picture("a", ["b", "c"], ["d"], "t"))
    assert found["../d/index.html"] < found["../a/index.html"] < found["../b/index.html"]
    assert found["../b/index.html"] == found["../c/index.html"]


def test_neighbours_on_both_sides_stand_there_once() -> None:
    assert len(boxes(dependency_picture("a", ["b", "a", "b"], ["b", "a"], "t"))) == 2


def test_a_workflow_alone_has_no_picture() -> None:
    assert dependency_picture("a", [], [], "t") == ""


def test_many_dependents_are_no_wall() -> None:
    found = boxes(dependency_picture("a", [], [f"b{n}" for n in range(500)], "t"))
    assert len(found) == MOST + 1
