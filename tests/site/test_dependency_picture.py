"""The picture of dependencies: each neighbour once, dependents above, requirements below, names are only text."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

from registry_tool.site.dependency_picture import (
    BOX,
    MOST,
    dependency_picture,
    registry_picture,
    width_of,
)

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


def test_of_many_neighbours_the_picture_has_the_first_and_how_many_more() -> None:
    picture = dependency_picture("a", ["z"] * 9, [f"b{n}" for n in range(1500)], "t")
    found = boxes(picture)
    assert list(found) == [
        "../a/index.html", "../z/index.html",
        *(f"../b{n}/index.html" for n in range(MOST - 1)), "#dependents",
    ]  # fmt: skip
    assert ">+ 1,497<" in picture
    assert width_of(picture) < 900


def test_the_whole_registrys_picture_has_every_workflow_once() -> None:
    found = boxes(registry_picture({"a": ["b", "c"], "d": ["c"]}, "t", "w/"))
    assert found.keys() == {f"w/{name}/index.html" for name in "abcd"}
    assert found["w/a/index.html"] < found["w/c/index.html"]
    assert not registry_picture({}, "t", "w/")


def test_neighbours_in_a_row_do_not_touch() -> None:
    root = ElementTree.fromstring(str(dependency_picture("a", ["b", "c", "d"], [], "t")))
    lefts = sorted(int(rect.get("x", "")) for rect in root.iter(f"{SVG}rect"))[1:]
    row = [left for left in lefts if left]
    assert all(right - left >= BOX[0] + 10 for left, right in pairwise(row) if right != left)
