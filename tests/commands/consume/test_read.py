"""What a registry tells its readers: lists, searches, versions and trees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.catalogue.load import load_catalogue
from registry_tool.catalogue.score import score
from registry_tool.commands.consume.read import (
    dependency_tree,
    info,
    list_workflows,
    search_workflows,
    versions,
)
from registry_tool.core.errors import NotFoundError
from registry_tool.store.tree import FolderTree
from tests.conftest import RegistryFolder


@pytest.fixture
def root(make_registry: Callable[..., RegistryFolder]) -> str:
    registry = make_registry()
    registry.lay("hello", "1.0.0")
    registry.lay("hello", "1.1.0")
    registry.lay("caller", "1.0.0", hello="^1.0.0")
    registry.compile()
    return str(registry.root)


def found(root: str, query: str, sort: str = "") -> list[object]:
    return [one["name"] for one in search_workflows(root, query, sort).workflows]


def names(found: list[dict[str, object]]) -> list[object]:
    return [one["name"] for one in found]


def test_a_list_is_filtered_by_all_that_is_said(root: str) -> None:
    assert names(list_workflows(root)) == ["caller", "hello"]
    assert names(list_workflows(root, "text", "ada@example.com", "greeting")) == ["caller", "hello"]
    assert list_workflows(root, "text", tag="nlp") == []
    assert list_workflows(root, author="eve") == []


def test_a_search_finds_and_ranks_as_the_catalogue_does(root: str) -> None:
    assert found(root, "GREETS helo") == ["hello"]
    assert sorted(found(root, "greets")) == ["caller", "hello"]
    assert found(root, "greets", "name") == ["caller", "hello"]
    assert found(root, "edge:llm") == found(root, "tag:nothing") == []
    assert found(root, "nothing") == []


def test_versions_come_newest_first_and_a_mistyped_name_is_reported(root: str) -> None:
    found = versions("hello", root)
    assert [one["version"] for one in found] == ["1.1.0", "1.0.0"]
    assert all(str(one["digest"]).startswith("sha256:") for one in found)
    with pytest.raises(NotFoundError, match="no workflow helo") as caught:
        versions("helo", root)
    assert "hello" in caught.value.hint


def test_info_has_the_status_beside_the_workflow(root: str) -> None:
    status = info("hello", root)["status"]
    assert isinstance(status, dict)
    assert (status["published"], status["yanked"], status["notice"]) == (True, False, None)


def test_info_gives_the_score_of_the_registrys_documents(root: str) -> None:
    catalogue = load_catalogue(FolderTree(Path(root)))
    version = catalogue.by_name["hello"].latest
    status = info("hello", root)["status"]
    assert isinstance(status, dict)
    assert status["score"] == score(version).to_value()


def test_a_tree_is_as_it_would_be_resolved_now(root: str) -> None:
    assert list(dependency_tree("caller", root)) == [
        (0, "caller:1.0.0", ""),
        (1, "hello:1.1.0", "^1.0.0"),
    ]
