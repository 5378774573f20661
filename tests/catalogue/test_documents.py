"""The index documents: a pure function of the catalogue."""

from __future__ import annotations

from dataclasses import replace

from registry_tool.catalogue.documents import (
    by_author,
    by_category,
    by_tag,
    dependencies,
    index_documents,
    indexed,
    summary,
)
from registry_tool.core.files import canonical_json
from registry_tool.manifest.model import Requirement
from tests.catalogue.small import catalogue, version

NEEDS = (Requirement("a", "^1"),)
KNOWN = catalogue(
    version("a", "1.0.0", author="ada", category="text", tags=("x", "y"), created="2024"),
    version("b", "1.0.0", NEEDS, author="bob", category="old"),
    version("b", "1.1.0", NEEDS, author="ada", category="text", tags=("y",), updated="2025"),
    version("c", "1.0.0", (), "It leaks", category="text"),
    downloads={"a": 7},
    ratings={"a": 4},
)


def test_a_line_stands_where_its_latest_version_belongs() -> None:
    def names(groups: dict[str, list[object]]) -> dict[str, list[str]]:
        return {key: [line.name for line in lines] for key, lines in groups.items()}  # type: ignore[attr-defined]

    assert names(by_author(KNOWN)) == {"ada": ["a", "b"]}  # type: ignore[arg-type]
    assert names(by_category(KNOWN)) == {"text": ["a", "b", "c"]}  # type: ignore[arg-type]
    assert names(by_tag(KNOWN)) == {"x": ["a"], "y": ["a", "b"]}  # type: ignore[arg-type]


def test_a_summary_is_that_of_the_design_document() -> None:
    assert summary(KNOWN, KNOWN.by_name["a"]) == {
        "name": "a",
        "version": "1.0.0",
        "author": "ada",
        "description": "",
        "category": "text",
        "tags": ["x", "y"],
        "downloads": 7,
        "rating": 4,
        "updated": "2024",
    }
    other = summary(KNOWN, KNOWN.by_name["b"])
    assert (other["version"], other["downloads"], other["rating"]) == ("1.1.0", 0, None)


def test_dependencies_know_every_version_and_dependents_the_latest() -> None:
    found = dependencies(KNOWN)
    assert found["requires"] == {
        "a": {"1.0.0": {}},
        "b": {"1.0.0": {"a": "^1"}, "1.1.0": {"a": "^1"}},
        "c": {"1.0.0": {}},
    }
    assert found["dependents"] == {"a": ["b:1.0.0", "b:1.1.0"]}
    documents = dict(index_documents(KNOWN))
    assert documents["registry/metadata/dependents/a.json"] == {
        "dependents": [{"name": "b", "version": "1.1.0", "range": "^1"}]
    }


def test_the_same_catalogue_gives_the_same_documents_in_the_same_order() -> None:
    once, again = list(index_documents(KNOWN)), list(index_documents(KNOWN))
    assert [path for path, _ in once] == [path for path, _ in again]
    assert [canonical_json(d) for _, d in once] == [canonical_json(d) for _, d in again]
    assert len({path for path, _ in once}) == len(once) == 5


def test_an_empty_registry_has_its_documents_too() -> None:
    documents = dict(index_documents(catalogue()))
    assert documents["indexes/by-tags.json"] == {}
    assert len(documents) == 4


def test_the_part_that_documents_are_made_of_makes_the_same() -> None:
    part = replace(KNOWN, lines=tuple(map(indexed, KNOWN.lines)))
    assert dict(index_documents(part)) == dict(index_documents(KNOWN))
    (first, *_) = part.lines
    assert first.latest is first.versions[-1]
    assert (first.latest.workflow.blocks, first.latest.readme, first.latest.files) == ((), "", ())
