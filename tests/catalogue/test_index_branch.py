"""Generated documents on a branch of their own: what main would hold, and read before what main has."""

from __future__ import annotations

import json
from collections.abc import Callable

from registry_tool.catalogue.index_branch import branch_commit, indexes_tree, update_branch
from registry_tool.store.branch import Branch
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder

WHO = Identity("Ada", "ada@example.com", "2024-01-01T00:00:00Z")
TAGS = "indexes/by-tags.json"


def named(tree: GitTree) -> list[str]:
    return [one["name"] for one in json.loads(tree.read(TAGS))["greeting"]]


def test_the_branch_is_brought_to_what_main_says(
    make_registry: Callable[..., RegistryFolder],
) -> None:
    registry = make_registry(git=True)
    registry.add("one", "1.0.0")
    registry.commit("Publish one")
    repository = Repository(registry.root)
    main = Branch(repository, "main")
    otherwise = GitTree(repository, main.tip())
    assert not branch_commit(main)
    assert indexes_tree(repository, otherwise) is otherwise
    first = update_branch(main, WHO)
    assert branch_commit(main) == first
    assert named(indexes_tree(repository, otherwise)) == ["one"]
    assert update_branch(main, WHO) == first  # nothing has changed
    registry.add("two", "1.0.0")
    registry.commit("Publish two")
    assert update_branch(main, WHO) != first
    assert named(indexes_tree(repository, otherwise)) == ["one", "two"]


def test_what_is_generated_no_more_goes(make_registry: Callable[..., RegistryFolder]) -> None:
    registry = make_registry(git=True)
    registry.add("one", "1.0.0")
    registry.commit("Publish one")
    repository = Repository(registry.root)
    Branch(repository, "indexes").write(
        lambda _: {"indexes/old.json": b"{}", "own.txt": b"x"}, "x", WHO
    )
    tree = GitTree(repository, update_branch(Branch(repository, "main"), WHO))
    assert not tree.has("indexes/old.json")
    assert tree.read("own.txt") == b"x"
    assert named(tree) == ["one"]
