from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.values import Object
from registry_tool.deploy.analysis import (
    Analysis,
    Sample,
    Threshold,
    Verdict,
    measure,
    read_analysis,
    together,
    wilson,
)
from registry_tool.deploy.reading import Part

Z = 1.959963984540054


def runs(
    number: int,
    errors: int = 0,
    *,
    seconds: float = 1.0,
    tokens: int = 10,
    cost: float | None = 0.0,
) -> list[Sample]:
    return [
        Sample("2.0.0", "error" if n < errors else "success", seconds, tokens, cost, "")
        for n in range(number)
    ]


def at_most(metric: str, bound: float, **more: object) -> Analysis:
    return Analysis((Threshold(metric, most=bound),), **more)  # type: ignore[arg-type]


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


@pytest.mark.parametrize(
    ("number", "errors", "verdict"),
    [
        (10, 0, Verdict.INCONCLUSIVE),
        (73, 0, Verdict.SUCCESSFUL),
        (72, 0, Verdict.INCONCLUSIVE),
        (20, 10, Verdict.FAILED),
        (100, 6, Verdict.INCONCLUSIVE),
        (0, 0, Verdict.INCONCLUSIVE),
    ],
)
def test_error_rates_are_judged_by_the_interval(number: int, errors: int, verdict: Verdict) -> None:
    found = measure(at_most("error_rate", 0.05), runs(number, errors), "2.0.0")
    assert found.verdict is verdict
    assert found.runs == number


def test_other_versions_do_not_count() -> None:
    assert measure(at_most("error_rate", 0.05), runs(100), "1.0.0").runs == 0


def test_too_few_runs_say_nothing() -> None:
    analysis = at_most("error_rate", 0.05, min_runs=200)
    assert measure(analysis, runs(100), "2.0.0").verdict is Verdict.INCONCLUSIVE
    assert measure(analysis, runs(100, 100), "2.0.0").verdict is Verdict.INCONCLUSIVE


def test_quantiles() -> None:
    slow = [*runs(90, seconds=1.0), *runs(10, seconds=9.0)]
    assert measure(at_most("latency_p50", 2), slow, "2.0.0").verdict is Verdict.SUCCESSFUL
    assert measure(at_most("latency_p95", 2), slow * 3, "2.0.0").verdict is Verdict.FAILED
    assert measure(at_most("latency_p95", 9), slow, "2.0.0").verdict is Verdict.SUCCESSFUL
    found = measure(at_most("latency_p95", 2), slow, "2.0.0")
    assert found.metrics[0]["value"] == 9.0
    quick = Analysis((Threshold("latency_p50", least=0.5),))
    assert measure(quick, slow, "2.0.0").verdict is Verdict.SUCCESSFUL
    assert measure(quick, runs(100, seconds=0.1), "2.0.0").verdict is Verdict.FAILED


def test_means() -> None:
    assert measure(at_most("tokens_per_run", 20), runs(5), "2.0.0").verdict is Verdict.SUCCESSFUL
    assert measure(at_most("tokens_per_run", 5), runs(5), "2.0.0").verdict is Verdict.FAILED
    assert measure(at_most("tokens_per_run", 5), runs(1), "2.0.0").verdict is Verdict.INCONCLUSIVE
    unknown = runs(5, cost=None)
    assert measure(at_most("cost_per_run", 1), unknown, "2.0.0").verdict is Verdict.INCONCLUSIVE
    dear = [*runs(5, cost=0.02), *unknown]
    assert measure(at_most("cost_per_run", 0.01), dear, "2.0.0").verdict is Verdict.FAILED


def test_one_failed_metric_fails_all() -> None:
    both = Analysis((Threshold("error_rate", most=0.9), Threshold("tokens_per_run", most=5)))
    found = measure(both, runs(10), "2.0.0")
    assert found.verdict is Verdict.FAILED
    assert [line["verdict"] for line in found.metrics] == ["successful", "failed"]
    assert together([]) is Verdict.SUCCESSFUL


def test_without_thresholds_all_is_well() -> None:
    assert measure(Analysis(), [], "2.0.0").verdict is Verdict.SUCCESSFUL


def test_a_good_version_is_rarely_condemned() -> None:
    """At 95 %, a version whose error rate is just the threshold fails about once in forty analyses."""
    chance = random.Random(1)  # noqa: S311
    failed = 0
    for _ in range(1000):
        errors = sum(chance.random() < 0.1 for _ in range(200))
        found = measure(at_most("error_rate", 0.1), runs(200, errors), "2.0.0")
        failed += found.verdict is Verdict.FAILED
    assert failed < 50


def test_settings_are_read() -> None:
    value: Object = {
        "metrics": [{"metric": "error_rate", "max": 0.1, "min": 0.01}],
        "min_runs": 5,
        "failure_limit": 2,
        "confidence": 0.8,
    }
    assert read_analysis(Part(value, "here")) == Analysis(
        (Threshold("error_rate", 0.1, 0.01),), 5, 2, 0.8
    )
    assert read_analysis(None) == Analysis()
