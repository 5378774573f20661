"""What repeated runs tell: Wilson's interval, and the outcome of a case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.testing.pass_rate import outcome_of, wilson

PASSED, FAILED, ERROR, UNSURE = (
    Outcome.PASSED,
    Outcome.FAILED,
    Outcome.ERROR,
    Outcome.INCONCLUSIVE,
)


@pytest.mark.parametrize(
    ("passes", "runs", "low", "high"),
    # R: prop.test(x, n, correct = FALSE)$conf.int
    [
        (3, 4, 0.3006, 0.9544),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_intervals_are_those_of_r(passes: int, runs: int, low: float, high: float) -> None:
    assert wilson(passes, runs) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(0, 50), st.integers(0, 50))
def test_the_interval_holds_the_rate_and_mirrors(passes: int, fails: int) -> None:
    runs = passes + fails
    low, high = wilson(passes, runs)
    assert 0 <= low <= (passes / runs if runs else 0.5) <= high <= 1
    assert wilson(fails, runs) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(
    ("runs", "wanted", "outcome"),
    [
        ([PASSED], 1.0, PASSED),
        ([FAILED], 1.0, FAILED),
        ([ERROR], 1.0, ERROR),
        ([UNSURE], 1.0, UNSURE),
        ([PASSED] * 9 + [FAILED], 0.9, PASSED),
        ([PASSED] * 9 + [ERROR], 0.9, PASSED),  # enough passed, whatever became of the others
        ([PASSED] * 8 + [FAILED, ERROR], 0.9, ERROR),
        ([PASSED] * 8 + [FAILED, UNSURE], 0.9, UNSURE),  # it might make up the rate
        ([PASSED] * 8 + [FAILED] * 2, 0.9, UNSURE),  # too few to say that the true rate is lower
        ([PASSED] * 80 + [FAILED] * 20, 0.9, FAILED),
        ([PASSED, FAILED, FAILED], 1 / 3, PASSED),
    ],
)
def test_outcomes(runs: list[Outcome], wanted: float, outcome: Outcome) -> None:
    assert outcome_of(runs, wanted) is outcome


@given(st.lists(st.sampled_from(Outcome), min_size=1, max_size=8), st.floats(0.1, 1))
def test_a_better_run_never_makes_a_pass_a_failure(runs: list[Outcome], wanted: float) -> None:
    if outcome_of(runs, wanted) is PASSED:
        for position in range(len(runs)):
            assert outcome_of([*runs[:position], PASSED, *runs[position + 1 :]], wanted) is PASSED
