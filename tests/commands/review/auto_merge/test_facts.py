from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from registry_tool.commands.review.auto_merge.facts import (
    changes_asked_by,
    proposed_since,
    stopped_by,
)
from registry_tool.forge.open_requests import OpenRequest, Push, RequestEvent, Review

START = datetime(2031, 5, 4, 12, tzinfo=UTC)
HEAD = "a" * 40
ZOE = frozenset({9})
WHO = (HEAD, "ada/registry", "publish/greet-1.0.1", 1, "ada")
REQUEST = OpenRequest(7, "https://x/7", *WHO, START, START)


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def event(kind: str, hours: int = 0, who: int = 9, label: str = "") -> RequestEvent:
    return RequestEvent(kind, at(hours), who, {9: "zoe", 1: "ada"}.get(who, ""), label)


@pytest.mark.parametrize(
    ("push", "events", "since"),
    [
        (Push(HEAD, at(5)), [], 5),
        (Push(HEAD, at(-5)), [], 0),
        (Push(HEAD, at(1)), [event("reopened", 8)], 8),
        (Push(HEAD, at(1)), [event("ready_for_review", 2), event("labeled", 9, label="x")], 2),
        (Push(HEAD, at(1)), [event("mentioned", 9), event("subscribed", 9)], 1),
        (Push("b" * 40, at(1)), [], None),
        (None, [event("reopened", 8)], None),
    ],
    ids=[
        "pushed later",
        "pushed before",
        "reopened",
        "ready",
        "comments",
        "another head",
        "not told",
    ],
)
def test_since_when_a_head_stands(
    push: Push | None, events: list[RequestEvent], since: int | None
) -> None:
    assert proposed_since(REQUEST, push, events) == (None if since is None else at(since))


@pytest.mark.parametrize(
    ("events", "who"),
    [
        ([], ""),
        ([event("labeled", label="Hold-Merge")], "zoe"),
        ([event("labeled", who=1, label="hold-merge")], ""),
        ([event("labeled", label="other")], ""),
        ([event("labeled", label="hold-merge"), event("unlabeled", label="hold-merge")], ""),
        (
            [event("labeled", label="hold-merge"), event("unlabeled", who=1, label="hold-merge")],
            "zoe",
        ),
    ],
    ids=["none", "set", "by another", "another label", "taken off", "taken off by the author"],
)
def test_a_maintainers_label_stops(events: list[RequestEvent], who: str) -> None:
    assert stopped_by(events, REQUEST, "hold-merge", ZOE) == who


def test_without_maintainers_the_label_itself_stops() -> None:
    labelled = OpenRequest(7, "", *WHO, START, START, frozenset({"hold-merge"}))
    assert stopped_by([], labelled, "hold-merge", frozenset())
    assert not stopped_by([], REQUEST, "hold-merge", frozenset())


@pytest.mark.parametrize(
    ("reviews", "who"),
    [
        ([Review("CHANGES_REQUESTED", 9, "zoe")], ("zoe",)),
        ([Review("CHANGES_REQUESTED", 2, "bob", may_push=True)], ("bob",)),
        ([Review("CHANGES_REQUESTED", 3, "eve")], ()),
        ([Review("CHANGES_REQUESTED", 9, "zoe"), Review("COMMENTED", 9, "zoe")], ("zoe",)),
        ([Review("CHANGES_REQUESTED", 9, "zoe"), Review("APPROVED", 9, "zoe")], ()),
        ([Review("CHANGES_REQUESTED", 9, "zoe"), Review("DISMISSED", 9, "zoe")], ()),
        ([Review("CHANGES_REQUESTED", 9, "zoe"), Review("APPROVED", 3, "eve")], ("zoe",)),
    ],
    ids=[
        "maintainer",
        "pusher",
        "stranger",
        "comments on",
        "approves",
        "dismissed",
        "stranger approves",
    ],
)
def test_changes_that_are_asked_for(reviews: list[Review], who: tuple[str, ...]) -> None:
    assert changes_asked_by(reviews, [], ZOE) == who


@pytest.mark.parametrize(
    ("by", "state", "who"),
    [(1, "changes_requested", ("zoe",)), (9, "changes_requested", ()), (1, "approved", ())],
    ids=["by the author", "by a maintainer", "an approval"],
)
def test_a_maintainers_review_is_dismissed_by_maintainers_alone(
    by: int, state: str, who: tuple[str, ...]
) -> None:
    dismissed = RequestEvent(
        "review_dismissed", at(2), by, review_id=5, changes=state == "changes_requested"
    )
    review = Review("DISMISSED", 9, "zoe", may_push=True, id=5)
    assert changes_asked_by([review], [dismissed], ZOE) == who
    another = Review("DISMISSED", 2, "bob", may_push=True, id=5)
    assert changes_asked_by([another], [dismissed], ZOE) == ()
