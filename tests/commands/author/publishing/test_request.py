"""One pull request for one branch, whatever GitHub answers."""

from __future__ import annotations

import pytest

from registry_tool.commands.author.publishing.request import RequestBranches, ensured_request
from registry_tool.core.errors import RegistryError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.rate_limits import Pace
from tests.forge.fault_server import FaultServer, Naps, Reply, running

PLACE = RequestBranches("ada/registry", "publish/mine-1.0.0", "main")
OPEN = {"html_url": "https://github.com/o/r/pull/7", "user": {"id": 1001, "login": "ada"}}
NONE = Reply(200, [])
LOST = Reply(201, {"html_url": "https://github.com/o/r/pull/7"}, cut=9)
EXISTS = Reply(422, {"message": "Validation Failed", "errors": [{"message": "already exists"}]})


def ensured(*replies: Reply) -> tuple[bool, str, list[str]]:
    naps = Naps()
    with running() as server:
        server.replies = [*replies]
        github = GitHub(
            "o/r", "secret-token", server.address, pace=Pace(naps.clock, naps.sleep, lambda: 0.5)
        )
        try:
            opened, found = ensured_request(github, PLACE, "Publish")
        finally:
            asked = _methods(server)
    return opened, found.url, asked


def _methods(server: FaultServer) -> list[str]:
    return [asked.method for asked in server.asked]


def test_one_that_is_open_is_found() -> None:
    assert ensured(Reply(200, [OPEN])) == (False, OPEN["html_url"], ["GET"])


def test_none_is_open() -> None:
    assert ensured(NONE, Reply(201, OPEN)) == (True, OPEN["html_url"], ["GET", "POST"])


def test_somebody_was_quicker() -> None:
    assert ensured(NONE, EXISTS, Reply(200, [OPEN]))[2] == ["GET", "POST", "GET"]


def test_another_refusal_stays_one() -> None:
    with pytest.raises(GitHubRefusedError, match="already exists"):
        ensured(NONE, EXISTS, NONE)


@pytest.mark.parametrize("lost", [LOST, Reply(503, {})], ids=["cut", "503"])
def test_a_lost_answer_is_looked_for_and_never_sent_again(lost: Reply) -> None:
    _, url, asked = ensured(NONE, lost, NONE, NONE, Reply(200, [OPEN]))
    assert (url, asked.count("POST")) == (OPEN["html_url"], 1)


def test_what_nobody_finds_is_reported_with_a_way_out() -> None:
    with pytest.raises(RegistryError, match="not known") as lost:
        ensured(NONE, LOST, NONE)
    assert "publish again" in lost.value.hint


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_for_want_of_rights(status: int) -> None:
    with pytest.raises(RegistryError, match=str(status)):
        ensured(NONE, Reply(status, {"message": "no"}))
