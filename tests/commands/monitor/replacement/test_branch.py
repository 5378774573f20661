"""The branch of a move: one commit that says what it is; a rival's push is an error."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.commands.monitor.replacement.branch import Proposal, SuccessorBranch
from registry_tool.core.errors import RegistryError
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from tests.commands.monitor.replacement.conftest import Retiring

WHO = Identity("Ada", "ada@example.com", "2026-11-25T00:00:00Z")
PROPOSAL = Proposal("", "asker:1.0.0 old=new", "Move asker to new", "First\n\n- B", "First\n\n- B")


def test_what_is_put_there_is_found_and_followed(retiring: Retiring) -> None:
    repository = Repository(retiring.made.root)
    branch, start = SuccessorBranch(repository, "asker"), repository.commit("HEAD")
    assert branch.found() is None
    first = branch.publish(start, {"a": b"1"}, PROPOSAL, WHO, None)
    known = branch.found()
    assert known == replace(PROPOSAL, commit=first)
    second = branch.publish(start, {"a": b"2"}, replace(PROPOSAL, key="other"), WHO, known)
    git = retiring.made.git
    assert git("log", "-1", "--format=%P", second) == f"{first} {start}"
    assert git("diff", "--name-only", start, second) == "a"
    with pytest.raises(RegistryError, match="moved by somebody else"):
        branch.publish(start, {"a": b"3"}, PROPOSAL, WHO, known)


def test_another_commit_is_somebody_elses(retiring: Retiring) -> None:
    retiring.made.git("branch", "successor/asker")
    found = SuccessorBranch(Repository(retiring.made.root), "asker").found()
    assert found is not None
    assert (found.key, found.title) == ("", "Publish asker 1.0.0")
