"""Wilson's, the normal and the quantiles' interval: where a metric's true value lies."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.deploy.intervals import (
    METRICS,
    Sample,
    amounts_of,
    interval_of,
    mean_interval,
    value_of,
    wilson,
)

Z = 1.959963984540054


@pytest.mark.parametrize(
    ("hits", "all_", "low", "high"),
    [  # from the closed form, checked against statsmodels' proportion_confint(method="wilson")
        (0, 10, 0.0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (50, 1000, 0.0381, 0.0653),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson(hits: int, all_: int, low: float, high: float) -> None:
    assert wilson(hits, all_, Z) == pytest.approx((low, high), abs=5e-4)


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_share(hits: int, misses: int) -> None:
    low, high = wilson(hits, hits + misses, Z)
    assert 0.0 <= low <= high <= 1.0
    if hits + misses:
        assert low <= hits / (hits + misses) <= high


def runs(*seconds: float, cost: float | None = 0.5, status: str = "success") -> list[Sample]:
    return [Sample("1.0.0", status, one, 10, cost, "") for one in seconds]


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("error_rate", 0.25),
        ("latency_p50", 2.0),
        ("latency_p95", 9.0),
        ("cost_per_run", 0.5),
        ("tokens_per_run", 10.0),
    ],
)
def test_a_value_is_the_plain_number(metric: str, value: float) -> None:
    samples = [*runs(3.0, 1.0), *runs(9.0, cost=None), *runs(2.0, status="error")]
    assert value_of(metric, samples) == value


@pytest.mark.parametrize("metric", METRICS)
def test_of_no_runs_nothing_is_known(metric: str) -> None:
    assert value_of(metric, []) is None
    low, high = interval_of(metric, [], Z)
    assert (low, high) == ((0.0, 1.0) if metric == "error_rate" else (-math.inf, math.inf))


def test_runs_whose_cost_is_unknown_do_not_count_as_free() -> None:
    samples = [*runs(1.0), *runs(1.0, cost=None)]
    assert amounts_of("cost_per_run", samples) == [0.5]
    assert amounts_of("tokens_per_run", samples) == [10.0, 10.0]
    assert value_of("cost_per_run", runs(1.0, cost=None)) is None


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=60),
    st.sampled_from(["latency_p50", "latency_p95"]),
)
def test_a_quantile_lies_in_its_interval_and_order_does_not_matter(
    seconds: list[float], metric: str
) -> None:
    found, value = interval_of(metric, runs(*seconds), Z), value_of(metric, runs(*seconds))
    assert value is not None
    assert found[0] <= value <= found[1]
    assert interval_of(metric, runs(*reversed(seconds)), Z) == found


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=60))
def test_a_mean_lies_in_the_middle_of_its_interval(amounts: list[float]) -> None:
    low, high = mean_interval(amounts, Z)
    assert (low + high) / 2 == pytest.approx(sum(amounts) / len(amounts), abs=1e-6)
    wider = mean_interval(amounts, 2 * Z)
    assert wider[0] <= low <= high <= wider[1]
