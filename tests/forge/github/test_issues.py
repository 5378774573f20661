"""Issues: no twins."""

from __future__ import annotations

from typing import Any

from registry_tool.forge.github.client import GitHub
from registry_tool.forge.model import Issue
from tests.forge.fault_server import FaultServer, Reply

DRIFT = Issue("greet drifts", "what differs", ("drift", "greet & co"))


def listed(number: int, title: str, **more: Any) -> dict[str, Any]:
    return {"number": number, "title": title, "html_url": f"https://github.com/i/{number}", **more}


def test_a_new_one_among_others(server: FaultServer, github: GitHub) -> None:
    others = [listed(1, "greet drifts, too"), listed(2, "greet drifts", pull_request={})]
    server.replies = [Reply(200, others), Reply(201, listed(3, "greet drifts"))]
    assert github.issues.report(DRIFT) == "https://github.com/i/3"
    assert "labels=drift%2Cgreet+%26+co" in server.asked[0].path
    assert server.asked[1].body == {
        "title": "greet drifts",
        "body": "what differs",
        "labels": ["drift", "greet & co"],
    }


def test_the_open_one_gets_a_comment(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, [listed(7, "greet drifts")]), Reply(201, {})]
    assert github.issues.report(DRIFT) == "https://github.com/i/7"
    assert server.asked[1].path == "/repos/ada/registry/issues/7/comments"
    assert server.asked[1].body == {"body": "what differs"}


def test_a_body_is_bounded(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, []), Reply(201, listed(1, "x"))]
    github.issues.report(Issue("x", "y" * 100_000))
    assert len(server.asked[1].body["body"]) == 65_000


def test_what_is_over_is_closed_with_a_last_word(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, [listed(7, "greet drifts")]), Reply(201, {}), Reply(200, {})]
    assert github.issues.resolve(DRIFT) == "https://github.com/i/7"
    found = [(asked.method, asked.path, asked.body) for asked in server.asked[1:]]
    assert found == [
        ("POST", "/repos/ada/registry/issues/7/comments", {"body": "what differs"}),
        (
            "PATCH",
            "/repos/ada/registry/issues/7",
            {"state": "closed", "state_reason": "completed"},
        ),
    ]


def test_where_none_is_open_nothing_is_closed(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, [])]
    assert github.issues.resolve(DRIFT) == ""
    assert len(server.asked) == 1
