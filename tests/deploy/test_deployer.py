"""What is wanted against what is there: who may go on with what, and what changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.deploy.deployer import (
    RolloutInTheWayError,
    deploy,
    proceed,
    releasing_on_interrupt,
)
from registry_tool.deploy.model import Phase, Rollout
from registry_tool.deploy.stages import StageFailedError
from tests.deploy.scratch import CANARY, ENVIRONMENT, A, B, Board, C, FixedPlan


def phase(board: Board) -> Phase | None:
    rollout = board.state().rollout
    return rollout.phase if rollout else None


def test_what_serves_already_changes_nothing(board: Board) -> None:
    board.deploy(FixedPlan(A))
    before = board.state()
    assert board.deploy(FixedPlan(replace(A, deployment="dep-other")), "dep-other") == before
    assert board.said == ["hello:1.0.0 serves in production already: nothing changes"]


def test_a_job_that_is_run_again_changes_nothing(board: Board) -> None:
    board.deploy(FixedPlan(A))
    board.deploy(FixedPlan(B), "dep-2")
    assert board.deploy(FixedPlan(A), repeated=True).main.version == "1.1.0"
    assert board.said == ["dep-x has ended before: nothing changes"]


def test_who_asked_is_on_record(board: Board) -> None:
    board.deploy(FixedPlan(A))
    assert board.details("select") == [
        {"version": "1.0.0", "digest": "sha256:1.0.0", "actor": "ada"}
    ]
    assert board.state().actor == "ada"


def test_a_selection_that_is_refused_is_on_record_where_something_was_deployed(
    board: Board,
) -> None:
    with pytest.raises(StageFailedError):
        board.deploy(FixedPlan(A, refusing="select"))
    assert board.store().find(ENVIRONMENT, "hello") is None
    before = board.serve(A)
    with pytest.raises(StageFailedError):
        board.deploy(FixedPlan(B, refusing="select"))
    assert board.state() == before
    assert len(board.details("select")) == 1


def test_two_rollouts_never_interleave(board: Board) -> None:
    board.serve(A)
    board.deploy(FixedPlan(B, CANARY), "dep-2")
    with pytest.raises(RolloutInTheWayError, match=r"1\.1\.0 is paused at step 1 of 2") as caught:
        board.deploy(FixedPlan(C), "dep-3")
    assert ("promote" in caught.value.hint, "rollback" in caught.value.hint) == (True, True)
    assert board.weights() == [("1.1.0", 10), ("1.0.0", 90)]


def test_the_same_wish_again_waits_on_and_a_word_ends_it(board: Board) -> None:
    board.serve(A)
    board.deploy(FixedPlan(B, CANARY), "dep-2")
    before = board.state()
    assert board.deploy(FixedPlan(B, CANARY), "dep-3") == before
    done = proceed(board.context(actor="eve"), before, promoted=True)
    assert (board.weights(), done.rollout) == ([("1.1.0", 100)], None)
    assert board.details("promote") == [{"step": 1, "steps": 2, "actor": "eve"}]


def test_before_its_switch_a_rollout_gives_way_to_another_wish(board: Board) -> None:
    board.serve(A)
    board.deploy(FixedPlan(B, needs_approval=True), "dep-2")
    assert phase(board) is Phase.APPROVAL
    board.deploy(FixedPlan(C), "dep-3")
    assert board.weights() == [("2.0.0", 100)]


def test_without_an_approval_it_waits_on_whoever_asks(board: Board) -> None:
    board.serve(A)
    board.deploy(FixedPlan(B, needs_approval=True), "dep-2")
    before = board.state()
    assert proceed(board.context(), before, promoted=True) == before
    assert board.weights() == [("1.0.0", 100)]


def test_what_a_dead_deployer_left_is_ended_first(board: Board) -> None:
    left = Rollout(
        "dep-2", candidate=B, stable=A, step=1, phase=Phase.STEP, since="2026-03-01T12:00:00.000Z"
    )
    board.serve(A, left)
    board.deploy(FixedPlan(C), "dep-3")
    assert board.weights() == [("2.0.0", 100)]
    assert board.details("resume") == [{"step": 1, "steps": 1, "actor": "ada"}]
    previous = board.state().previous
    assert previous is not None
    assert previous.version == "1.1.0"


def test_who_lives_is_waited_for_and_then_named(board: Board) -> None:
    holder = board.session("dep-2").holder
    at_work = Rollout(
        "dep-2", candidate=B, stable=A, holder=holder, since="2026-03-01T12:00:00.000Z"
    )
    board.serve(A, at_work)
    context = board.context()
    patient = replace(context, policy=replace(context.policy, lease=60.0))
    with pytest.raises(RolloutInTheWayError, match="dep-2 is still at work on hello"):
        deploy(patient, FixedPlan(C, deployment="dep-3"))
    assert board.weights() == [("1.0.0", 100)]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), RegistryError("no")])
def test_whoever_is_interrupted_lets_go(board: Board, interruption: BaseException) -> None:
    work = board.session()
    work.take(board.serve(A), Rollout("dep-x", candidate=B, stable=A))
    with pytest.raises(type(interruption)), releasing_on_interrupt(work):
        raise interruption
    rollout = board.state().rollout
    assert rollout is not None
    assert rollout.holder == ""
