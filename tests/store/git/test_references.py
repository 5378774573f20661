"""Refs: what they name, and moving them only from where they stand."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import NotFoundError
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder


def test_a_ref_moves_from_where_it_stands_and_from_nowhere_else(registry: RegistryFolder) -> None:
    repository = Repository(registry.root)
    first, last = repository.commit("main"), registry.commit("More")
    ref = "refs/heads/state"
    assert repository.move(ref, first, "")
    assert not repository.move(ref, last, "")  # somebody has made it by now
    assert not repository.move(ref, last, last)
    assert repository.move(ref, last, first)
    assert repository.find("state") == last
    assert not repository.delete(ref, first)
    assert repository.delete(ref, last)
    assert repository.find("state") == ""


def test_where_a_ref_stood_is_forgotten_where_that_is_asked_for(registry: RegistryFolder) -> None:
    repository = Repository(registry.root)
    first, last = repository.commit("main"), registry.commit("More")
    ref = "refs/heads/state"
    registry.git("branch", "--create-reflog", "state", first)
    assert repository.move(ref, last, first, log=False)
    assert registry.git("reflog", "show", ref) == ""


def test_a_name_is_a_commit_an_id_or_itself(registry: RegistryFolder) -> None:
    repository = Repository(registry.root)
    head = repository.commit("HEAD")
    assert repository.commit("main") == repository.commit(head) == head
    assert repository.object_name("main") == head
    assert [repository.object_name(name) for name in ("0" * 40, "nothing")] == ["0" * 40, "nothing"]
    with pytest.raises(NotFoundError, match="there is no commit 'nothing'") as error:
        repository.commit("nothing")
    assert "fetch it first" in error.value.hint


def test_refs_by_name_and_by_pattern(registry: RegistryFolder) -> None:
    repository = Repository(registry.root)
    head = repository.commit("main")
    for name in ("runs-1", "runs-2"):
        registry.git("branch", name)
    both = {f"refs/heads/{name}": head for name in ("runs-1", "runs-2")}
    assert repository.refs("refs/heads/runs-*") == both
    assert repository.refs("refs/heads/runs-1", "refs/heads/none") == {"refs/heads/runs-1": head}
    assert repository.refs("refs/heads/none") == {}


def test_the_branch_of_head(registry: RegistryFolder) -> None:
    repository = Repository(registry.root)
    assert repository.head_branch() == "main"
    registry.git("checkout", "--quiet", "--detach")
    assert repository.head_branch() == ""
