"""Pull requests, where GitHub misbehaves; test_github_description.py has what it should do."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.model import PullRequest
from tests.forge.fault_server import FaultServer, Reply

WISH = PullRequest("Publish a 1.0.0", "What it does", "publish/a-1.0.0", "main")


def test_a_pull_request_is_opened(server: FaultServer, github: GitHub) -> None:
    address = "https://github.com/ada/registry/pull/1"
    server.replies = [Reply(201, {"html_url": address})]
    assert github.pulls.open_pull_request(WISH) == address
    asked = server.asked[0]
    assert (asked.method, asked.path) == ("POST", "/repos/ada/registry/pulls")
    assert asked.headers["authorization"] == "Bearer secret-token"
    assert asked.body == {
        "title": "Publish a 1.0.0",
        "body": "What it does",
        "head": "publish/a-1.0.0",
        "base": "main",
    }


def test_a_refusal_is_reported(server: FaultServer, github: GitHub) -> None:
    server.replies = [
        Reply(422, {"message": "Validation Failed", "errors": [{"message": "exists already"}]})
    ]
    with pytest.raises(RegistryError, match="422: Validation Failed; exists already"):
        github.pulls.open_pull_request(WISH)
    server.replies = [Reply(401, {"message": "Bad credentials"})]
    with pytest.raises(RegistryError, match="Bad credentials") as caught:
        github.pulls.open_pull_request(WISH)
    assert "GITHUB_TOKEN" in caught.value.hint


def test_an_answer_without_a_pull_request(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(204)]
    with pytest.raises(RegistryError, match="did not say"):
        github.pulls.open_pull_request(WISH)


def test_an_open_one_is_found_by_its_branch(server: FaultServer, github: GitHub) -> None:
    address = "https://github.com/ada/registry/pull/7"
    server.replies = [Reply(200, [{"html_url": address}]), Reply(200, [])]
    assert github.pulls.find_pull_request("publish/a-1.0.0", "main") == address
    assert "head=ada%3Apublish%2Fa-1.0.0" in server.asked[0].path
    assert not github.pulls.find_pull_request("publish/b-1.0.0", "main")


def test_one_that_was_closed_at_a_commit_is_found(server: FaultServer, github: GitHub) -> None:
    there = {"html_url": "https://github.com/ada/registry/pull/7", "number": 7}
    commit = "a" * 40
    server.replies = [Reply(200, [{**there, "head": {"sha": commit}}])] * 2
    assert github.pulls.closed("ada", "x", "main", "b" * 40) is None
    found = github.pulls.closed("ada", "x", "main", commit)
    assert found is not None
    assert found.number == 7
    assert "state=closed" in server.asked[0].path


def test_title_and_text_are_changed(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, {})]
    github.pulls.change(7, "Move a", "Why")
    assert (server.asked[0].method, server.asked[0].path) == (
        "PATCH",
        "/repos/ada/registry/pulls/7",
    )
    assert server.asked[0].body == {"title": "Move a", "body": "Why"}


def test_one_is_closed(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, {})]
    github.pulls.close(7)
    assert (server.asked[0].method, server.asked[0].path) == (
        "PATCH",
        "/repos/ada/registry/pulls/7",
    )
    assert server.asked[0].body == {"state": "closed"}
