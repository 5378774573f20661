"""Repositories and forks."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.model import RepositoryAbout
from tests.forge.fault_server import FaultServer, Naps, Reply

FORK = {
    "full_name": "ada/registry",
    "default_branch": "main",
    "fork": True,
    "permissions": {"push": True},
    "parent": {"full_name": "o/registry"},
}
EMPTY = Reply(409, {"message": "Git Repository is empty."})
MISSING = Reply(404, {"message": "Not Found"})


def test_what_a_repository_is(github: GitHub, server: FaultServer) -> None:
    server.replies = [Reply(200, FORK)]
    assert github.repositories.about("ada/registry") == RepositoryAbout(
        "ada/registry", "main", may_push=True, parent="o/registry"
    )
    server.replies = [Reply(200, {"full_name": "o/r", "permissions": {"push": "yes"}})]
    assert github.repositories.about("o/r") == RepositoryAbout("o/r", "main", may_push=False)


@pytest.mark.parametrize("name", ["", "registry", "ada/..", "../..", "ada/r?x=1", "a/b/c", ".x/y"])
def test_a_name_that_would_lead_elsewhere(github: GitHub, server: FaultServer, name: str) -> None:
    server.replies = [Reply(200, {**FORK, "full_name": name})]
    with pytest.raises(RegistryError, match="names no repository"):
        github.repositories.about("ada/registry")


def test_what_is_not_there(github: GitHub, server: FaultServer) -> None:
    server.replies = [MISSING]
    assert github.repositories.find("o/r") is None
    with pytest.raises(NotFoundError) as hidden:
        github.repositories.about("o/r")
    assert "hides it" in hidden.value.hint


def test_a_fork_is_waited_for(github: GitHub, server: FaultServer, naps: Naps) -> None:
    server.replies = [Reply(202, FORK), MISSING, EMPTY, Reply(200, {"object": {"sha": "a"}})]
    assert github.repositories.create_fork("o/registry", "main").name == "ada/registry"
    assert len(naps.slept) == 2
    assert server.asked[0].body == {"default_branch_only": True}


def test_a_fork_that_never_comes(github: GitHub, server: FaultServer) -> None:
    server.replies = [Reply(202, FORK), EMPTY]
    with pytest.raises(RegistryError, match="not ready") as late:
        github.repositories.create_fork("o/registry", "main")
    assert "publish again" in late.value.hint


@pytest.mark.parametrize(
    ("status", "message"), [(409, "merge conflict"), (422, "could not be synced")]
)
def test_a_fork_with_commits_of_its_own(
    github: GitHub, server: FaultServer, status: int, message: str
) -> None:
    server.replies = [Reply(status, {"message": message})]
    with pytest.raises(RegistryError, match=message) as parted:
        github.repositories.sync("ada/registry", "main")
    assert "Sync fork" in parted.value.hint
