"""Whose token it is."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.model import Account
from tests.forge.fault_server import FaultServer, Reply


def test_scopes_and_end_are_read(github: GitHub, server: FaultServer) -> None:
    headers = {
        "x-oauth-scopes": "repo,  workflow",
        "github-authentication-token-expiration": "2031-05-04 12:00:00 UTC",
    }
    server.replies = [Reply(200, {"login": "ada", "id": 7}, headers)]
    assert github.accounts.who() == Account(
        "ada", 7, ("repo", "workflow"), "2031-05-04 12:00:00 UTC"
    )


def test_a_fine_grained_token_tells_no_scopes(github: GitHub, server: FaultServer) -> None:
    server.replies = [Reply(200, {"login": "ada", "id": 7})]
    assert github.accounts.who() == Account("ada", 7)
    server.replies = [Reply(200, {"login": "eve", "id": 8}, {"x-oauth-scopes": ""})]
    assert github.accounts.who() == Account("eve", 8, ())


@pytest.mark.parametrize("status", [403, 404])
def test_an_apps_token_is_nobodys(github: GitHub, server: FaultServer, status: int) -> None:
    server.replies = [Reply(status, {"message": "Resource not accessible by integration"})]
    assert github.accounts.who() is None


def test_a_wrong_token_is_an_error(github: GitHub, server: FaultServer) -> None:
    server.replies = [Reply(401, {"message": "Bad credentials"})]
    with pytest.raises(GitHubRefusedError, match="Bad credentials"):
        github.accounts.who()


@pytest.mark.parametrize("body", [{"id": 7}, {"login": "ada", "id": 0}, {"login": "ada"}])
def test_an_answer_that_names_nobody(github: GitHub, server: FaultServer, body: object) -> None:
    server.replies = [Reply(200, body)]
    with pytest.raises(RegistryError, match="answer"):
        github.accounts.who()
