"""Open pull requests, where GitHub misbehaves; the stand-in and Prism have what it should do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.core.http import LostError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.http import MOST_LISTED, TooManyError
from registry_tool.forge.open_requests import Push
from tests.forge.fault_server import FaultServer, Reply

HEAD = "a" * 40
EVENT = {"event": "labeled", "created_at": "2031-05-04T12:00:00Z", "actor": None, "label": None}


def test_a_long_list_is_read_by_the_hundred(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, [EVENT] * 100), Reply(200, [EVENT] * 3)]
    assert len(github.open_requests.events(7)) == 103
    assert [ask.path.partition("?")[2] for ask in server.asked] == [
        "per_page=100&page=1",
        "per_page=100&page=2",
    ]


def test_no_more_comments_are_asked_for_than_are_taken(server: FaultServer, github: GitHub) -> None:
    comment = {"id": 7, "body": "x", "user": None, "updated_at": "2031-05-04T12:00:00Z"}
    server.replies = [Reply(200, [comment] * 100)]
    assert next(github.open_requests.comments(7)).body == "x"
    assert len(server.asked) == 1


def test_what_must_be_read_whole_and_is_too_long(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, [EVENT] * 100)] * (MOST_LISTED // 100)
    with pytest.raises(TooManyError):
        github.open_requests.events(7)


def test_a_push_is_reported_or_not(server: FaultServer, github: GitHub) -> None:
    fields = {"after": HEAD, "timestamp": "2031-05-04T12:00:00Z", "actor": None}
    server.replies = [
        Reply(200, [fields]),
        Reply(200, []),
        Reply(404, {}),
        Reply(200, [{"after": HEAD}]),
        Reply(451, {}),
        Reply(401, {}),
    ]
    push = github.open_requests.newest_push("ada/registry", "publish/a b")
    assert push == Push(HEAD, datetime(2031, 5, 4, 12, tzinfo=UTC))
    assert "ref=refs%2Fheads%2Fpublish%2Fa+b" in server.asked[0].path
    for _ in range(4):
        assert github.open_requests.newest_push("ada/registry", "x") is None
    with pytest.raises(GitHubRefusedError, match="401"):
        github.open_requests.newest_push("ada/registry", "x")


def test_a_merge_is_asked_for_once(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(502, {})]
    with pytest.raises(GitHubRefusedError):
        github.open_requests.merge(7, HEAD, "merge", "Merge")
    server.replies = [Reply(200, {"sha": "nonsense; --upload-pack"})]
    with pytest.raises(RegistryError, match="did not say what it merged"):
        github.open_requests.merge(7, HEAD, "merge", "Merge")
    assert [ask.method for ask in server.asked] == ["PUT", "PUT"]
    body = server.asked[0].body
    assert (body["sha"], body["merge_method"], body["commit_message"]) == (HEAD, "merge", "")


@pytest.mark.parametrize("wrong", [{"updated_at": "soon"}, {"id": "7"}, {"user": 5}])
def test_an_answer_of_another_form(
    server: FaultServer, github: GitHub, wrong: dict[str, object]
) -> None:
    usual = {"id": 7, "body": None, "user": None, "updated_at": "2031-05-04T12:00:00Z"}
    server.replies = [Reply(200, [{**usual, **wrong}])]
    if wrong == {"user": 5}:
        assert next(github.open_requests.comments(7)).author_id == 0
    else:
        with pytest.raises(RegistryError, match="GitHub's answer has no"):
            next(github.open_requests.comments(7))


def test_a_cut_line(server: FaultServer, github: GitHub) -> None:
    server.replies = []
    server.shutdown()  # before its socket is closed: its thread waits on that
    server.server_close()
    with pytest.raises(LostError):
        github.open_requests.merge(7, HEAD, "merge", "Merge")
