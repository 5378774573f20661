from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registry_tool.deploy.analysis import Analysis, Measurement, Verdict
from registry_tool.deploy.rollout import Move, left_of, next_move
from registry_tool.deploy.strategy import Step, Strategy

GOOD, BAD, OPEN = Verdict.SUCCESSFUL, Verdict.FAILED, Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("verdict", "failures", "left", "promoted", "move"),
    [
        (GOOD, 0, 0.0, False, Move.GO_ON),
        (GOOD, 0, -5.0, False, Move.GO_ON),
        (GOOD, 0, 5.0, False, Move.PAUSE),
        (GOOD, 0, None, False, Move.PAUSE),
        (GOOD, 0, None, True, Move.GO_ON),
        (OPEN, 0, 0.0, False, Move.ASK),
        (OPEN, 0, 5.0, False, Move.PAUSE),
        (OPEN, 0, 0.0, True, Move.GO_ON),
        (BAD, 0, 0.0, False, Move.ASK),
        (BAD, 0, 5.0, False, Move.PAUSE),
        (BAD, 1, 5.0, False, Move.GO_BACK),
        (BAD, 1, None, False, Move.GO_BACK),
        (BAD, 1, 0.0, True, Move.GO_BACK),
    ],
)
def test_what_follows_a_measurement(
    verdict: Verdict, failures: int, left: float | None, promoted: bool, move: Move
) -> None:
    step = Step(10, left, Analysis(failure_limit=1))
    result = next_move(step, seen(verdict), failures, left, promoted=promoted)
    assert result.move is move
    assert result.failures == failures + (verdict is BAD)


def seen(verdict: Verdict, runs: int = 9) -> Measurement:
    return Measurement(verdict, runs, ({"metric": "error_rate", "verdict": verdict.value},))


UNSET = Measurement(GOOD, 9)
WAITS, PASSES = Strategy(wait_limit=60.0), Strategy(advances_unmeasured=True)


@pytest.mark.parametrize(
    ("weight", "found", "left", "strategy", "move"),
    [
        (10, UNSET, 0.0, WAITS, Move.ASK),
        (10, seen(OPEN, 0), -59.0, WAITS, Move.ASK),
        (10, UNSET, -60.0, WAITS, Move.GO_BACK),
        (10, seen(OPEN), -60.0, WAITS, Move.GO_BACK),
        (10, UNSET, 5.0, WAITS, Move.PAUSE),
        (10, UNSET, None, WAITS, Move.PAUSE),
        (10, seen(GOOD), -60.0, WAITS, Move.GO_ON),
        (100, UNSET, -60.0, WAITS, Move.GO_ON),  # nothing is left to switch
        (100, seen(OPEN), -60.0, WAITS, Move.ASK),  # it serves alone: no clock takes it back
        (10, UNSET, 0.0, PASSES, Move.GO_ON),
        (10, seen(OPEN, 0), 0.0, PASSES, Move.GO_ON),
        (10, seen(OPEN, 3), 0.0, PASSES, Move.ASK),  # something was measured: it has no verdict
        (10, seen(BAD), 0.0, PASSES, Move.GO_BACK),
    ],
)
def test_what_measured_nothing_waits_up_to_its_limit_unless_policy_lets_it_pass(
    weight: int, found: Measurement, left: float | None, strategy: Strategy, move: Move
) -> None:
    result = next_move(Step(weight, left), found, 0, left, promoted=False, strategy=strategy)
    assert result.move is move


def test_a_paused_rollout_takes_no_step_and_still_goes_back() -> None:
    held = {"promoted": False, "hold": "ada paused it"}
    result = next_move(Step(10), seen(GOOD), 0, -5.0, **held)  # type: ignore[arg-type]
    assert (result.move, result.reason) == (Move.PAUSE, "ada paused it")
    assert next_move(Step(10), seen(BAD), 0, -5.0, **held).move is Move.GO_BACK  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("since", "now", "left"),
    [
        ("2026-03-29T00:59:30.000Z", "2026-03-29T01:00:30+00:00", 540.0),
        ("2026-03-29T00:59:30.000Z", "2026-03-29T03:00:30+02:00", 540.0),  # summer time began
        ("2038-01-19T03:14:00.000Z", "2038-01-19T03:15:00+00:00", 540.0),  # 2^31 seconds
        ("2030-01-01T00:00:00.000Z", "2026-01-01T00:00:00+00:00", 600.0),  # a clock ran ahead
    ],
)
def test_pauses_are_counted_in_utc_and_never_end_in_the_past(
    since: str, now: str, left: float
) -> None:
    assert left_of(600.0, since, datetime.fromisoformat(now)) == left


def test_a_pause_until_promoted_has_no_end() -> None:
    assert left_of(None, "2026-01-01T00:00:00.000Z", datetime(2026, 1, 2, tzinfo=UTC)) is None
