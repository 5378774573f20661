"""A rollout is paused and let go on; what is on record says by whom."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.deploy.holding import HoldRequest, pause, resume
from registry_tool.deploy.model import Phase, Rollout
from tests.deploy.scratch import ENVIRONMENT, NAME, A, B, Board

HOLD = HoldRequest(ENVIRONMENT, NAME, "lunch")


def waiting(board: Board, phase: Phase = Phase.INCONCLUSIVE, step: int = 1) -> None:
    board.serve(A, Rollout("dep-2", candidate=B, stable=A, step=step, steps=2, phase=phase))


def held(board: Board) -> Rollout:
    rollout = board.state().rollout
    assert rollout is not None
    return rollout


def test_a_paused_rollout_keeps_its_share_and_says_who(board: Board) -> None:
    waiting(board)
    before = board.weights()
    pause(board.context(actor="ada"), HOLD)
    assert (held(board).hold, held(board).phase) == ("paused by ada: lunch", Phase.PAUSED)
    assert board.weights() == before
    assert board.details("pause") == [
        {"asked": True, "step": 1, "steps": 2, "reason": "lunch", "actor": "ada"}
    ]
    with pytest.raises(RegistryError, match="paused already") as caught:
        pause(board.context(), HOLD)
    assert "puppy-cli resume" in caught.value.hint
    resume(board.context(), HOLD)
    assert (held(board).hold, held(board).reason) == ("", "")
    assert board.events_seen == ["pause ok", "resume ok"]


@pytest.mark.parametrize(
    ("phase", "step"), [(Phase.STAGES, 0), (Phase.STEP, 1), (Phase.APPROVAL, 0)]
)
def test_who_is_at_work_ends_that_first(board: Board, phase: Phase, step: int) -> None:
    waiting(board, phase, step)
    pause(board.context(), HoldRequest(ENVIRONMENT, NAME))
    assert (held(board).hold, held(board).phase) == ("paused", phase)


def test_what_nobody_paused_is_not_resumed(board: Board) -> None:
    waiting(board)
    with pytest.raises(RegistryError, match=r"nobody paused it \(it is inconclusive\)") as caught:
        resume(board.context(), HOLD)
    assert (caught.value.location, "promote" in caught.value.hint) == ("production/hello", True)


@pytest.mark.parametrize("change", [pause, resume])
def test_without_a_rollout_there_is_nothing_to_hold(board: Board, change: type) -> None:
    with pytest.raises(NotFoundError, match="no rollout of hello is in progress"):
        change(board.context(), HOLD)
    board.serve(A)
    with pytest.raises(NotFoundError, match="no rollout of hello is in progress"):
        change(board.context(), HOLD)
    assert board.events_seen == []
