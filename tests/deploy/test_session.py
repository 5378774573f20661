"""A deployer's writes stop as soon as somebody else holds the rollout."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.deploy.model import OK, Deployment, Phase, Rollout
from registry_tool.deploy.session import MovedError, RolloutSession
from registry_tool.deploy.transitions import LeaseLostError
from tests.deploy.scratch import A, B, Board

ROLLOUT = Rollout("dep-x", candidate=B, stable=A)


def same(now: Deployment, rollout: Rollout) -> tuple[Deployment, tuple[()]]:
    return replace(now, rollout=rollout), ()


def beat(board: Board) -> int:
    rollout = board.state().rollout
    assert rollout is not None
    return rollout.beat


def taken(board: Board) -> RolloutSession:
    session = board.session()
    seen = board.serve(A)
    session.take(seen, ROLLOUT, (session.stages.event("select", OK, {"version": "1.1.0"}),))
    return session


def test_who_takes_it_holds_it_and_every_write_is_a_beat(board: Board) -> None:
    session = taken(board)
    rollout = board.state().rollout
    assert rollout is not None
    assert (rollout.holder, rollout.beat, rollout.phase) == (session.holder, 1, Phase.STAGES)
    assert rollout.since == session.now() == "2026-03-01T12:00:00.000Z"
    assert board.events_seen == ["select ok"]
    session.write("Go on", same)
    assert beat(board) == 2
    session._beat()
    assert beat(board) == 3


def test_a_state_that_moved_is_not_taken(board: Board) -> None:
    seen = board.serve(A)
    board.serve(B)
    with pytest.raises(MovedError):
        board.session().take(seen, ROLLOUT)
    assert board.state().rollout is None
    with pytest.raises(MovedError):
        board.session().take(None, ROLLOUT)


def test_who_lost_it_writes_nothing_more(board: Board) -> None:
    session, other = taken(board), board.session()
    other.take(board.state(), ROLLOUT)
    before = board.state()
    for late in (lambda: session.write("Go on", same), session.release, session._beat):
        with pytest.raises(LeaseLostError):
            late()
    assert board.state() == before


def test_what_is_let_go_of_is_free(board: Board) -> None:
    taken(board).release()
    rollout = board.state().rollout
    assert rollout is not None
    assert (rollout.holder, rollout.deployment) == ("", "dep-x")


def test_an_event_is_put_on_record_beside_a_state_that_stays(board: Board) -> None:
    before, session = board.serve(A), board.session()
    session.put_on_record("Refuse", session.stages.event("select", "failed", {"reason": "no"}))
    assert board.state() == before
    assert board.details("select") == [{"reason": "no"}]
    assert board.events_seen == ["select failed"]
