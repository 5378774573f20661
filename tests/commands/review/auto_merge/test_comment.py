from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from registry_tool.catalogue.auto_merge import AutoMergePolicy
from registry_tool.commands.review.auto_merge.comment import (
    comment_text,
    is_recheck_due,
    policy_key,
    status_comment,
)
from registry_tool.commands.review.auto_merge.decision import MergeDecision, MergeOutcome, Release
from registry_tool.forge.open_requests import Comment
from tests.commands.review.auto_merge.test_facts import HEAD, REQUEST, START, at

POLICY = AutoMergePolicy()
WAITS = MergeDecision(MergeOutcome.WAITS, (), at(24), (Release("greet", "1.0.1", "patch", 80),))
TEXT = comment_text(WAITS, REQUEST, POLICY, START)


def by(author: int, body: str = TEXT, *, bot: bool = False) -> Comment:
    return Comment(author, body, author, START, bot)


def test_it_says_why_and_until_when() -> None:
    assert "**Waits until 2031-05-05 12:00 UTC**" in TEXT
    assert "`greet` `1.0.1`: patch, score 80" in TEXT
    assert f"commit `{HEAD}`" in TEXT
    assert "label `hold-merge`" in TEXT
    stopped = MergeDecision(MergeOutcome.STOPPED, ("zoe set the label `hold-merge`",))
    assert "- zoe set the label" in comment_text(stopped, REQUEST, POLICY, START)


def test_ours_is_found_and_a_copy_is_not() -> None:
    ours = by(41, bot=True)
    found = status_comment([by(3), by(4, "Nice!"), ours, by(42, bot=True)], 0)
    assert found is not None
    assert (found.id, found.head, found.policy) == (41, HEAD, policy_key(POLICY))
    assert found.next_look == at(24)
    assert status_comment([by(3), by(41, f"Look:\n{TEXT}", bot=True)], 0) is None
    own = status_comment([by(3), by(7)], 7)
    assert own is not None
    assert own.id == 7


@pytest.mark.parametrize("note", ["{}", '{"next": "soon"}', '{"head": 5, "next": "2031-05-05"}'])
def test_a_note_that_somebody_spoiled_is_written_anew(note: str) -> None:
    found = status_comment([by(41, f"<!-- registry-tool auto-merge {note} -->", bot=True)], 0)
    assert found is not None
    assert is_recheck_due(REQUEST, found, policy_key(POLICY), START)


def test_when_it_is_looked_at_again() -> None:
    known, key = status_comment([by(41, bot=True)], 0), policy_key(POLICY)
    assert known is not None
    assert not is_recheck_due(REQUEST, known, key, at(23))
    assert is_recheck_due(REQUEST, known, key, at(24))
    assert is_recheck_due(REQUEST, None, key, START)
    put_off = replace(known, next_look=at(9000))
    assert (
        is_recheck_due(REQUEST, put_off, key, at(23)),
        is_recheck_due(REQUEST, put_off, key, at(24)),
    ) == (
        False,
        True,
    )
    assert is_recheck_due(replace(REQUEST, head="b" * 40), known, key, START)
    assert is_recheck_due(REQUEST, known, policy_key(replace(POLICY, score=1)), START)
    assert is_recheck_due(replace(REQUEST, changed=at(1)), known, key, at(1))
    written = replace(REQUEST, changed=START + timedelta(seconds=30))
    assert not is_recheck_due(written, known, key, at(1)), "the comment itself changes the request"


@pytest.mark.parametrize(
    ("decision", "hours"),
    [
        (MergeDecision(MergeOutcome.WAITS, ("the check runs",), pending=True), 0),
        (MergeDecision(MergeOutcome.WAITS, ("GitHub refuses",)), 1),
        (MergeDecision(MergeOutcome.PERSON, ("it is big",)), 24),
    ],
)
def test_how_soon_where_no_time_ends(decision: MergeDecision, hours: int) -> None:
    known = status_comment([by(41, comment_text(decision, REQUEST, POLICY, START), bot=True)], 0)
    assert known is not None
    assert known.next_look == at(hours)
