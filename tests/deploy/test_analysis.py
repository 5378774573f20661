from __future__ import annotations

import random

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.core.values import Object
from registry_tool.deploy.analysis import (
    Analysis,
    Sample,
    Threshold,
    Verdict,
    difference,
    measure,
    read_analysis,
    together,
)
from registry_tool.deploy.settings import Part

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


def no_worse(metric: str, margin: float, **more: object) -> Analysis:
    return Analysis((Threshold(metric, margin=margin),), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("candidate", "stable", "verdict"),
    [
        ((400, 40), (400, 40), Verdict.SUCCESSFUL),  # both fail a tenth of the time: not its fault
        ((400, 80), (400, 4), Verdict.FAILED),
        ((400, 20), (400, 4), Verdict.INCONCLUSIVE),  # between 1.8 and 6.6 points more
        ((5, 0), (400, 0), Verdict.INCONCLUSIVE),
        (
            (400, 0),
            (5, 0),
            Verdict.SUCCESSFUL,
        ),  # at most one in a hundred fails, whatever else does
        ((400, 40), (5, 0), Verdict.INCONCLUSIVE),
        ((400, 0), (0, 0), Verdict.INCONCLUSIVE),
        ((0, 0), (400, 0), Verdict.INCONCLUSIVE),
    ],
)
def test_a_candidate_is_held_against_what_serves(
    candidate: tuple[int, int], stable: tuple[int, int], verdict: Verdict
) -> None:
    found = measure(no_worse("error_rate", 0.05), runs(*candidate), "2.0.0", runs(*stable))
    assert found.verdict is verdict


def test_min_runs_counts_for_both() -> None:
    analysis = no_worse("error_rate", 0.5, min_runs=50)
    assert measure(analysis, runs(400), "2.0.0", runs(49)).verdict is Verdict.INCONCLUSIVE
    assert measure(analysis, runs(400), "2.0.0", runs(50)).verdict is Verdict.SUCCESSFUL


def test_the_difference_is_newcombes() -> None:
    """The example of his paper: 56/70 against 48/80, 95 %: 0.0524 to 0.3339."""
    low, high = difference("error_rate", runs(70, 56), runs(80, 48), Z)
    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=2e-4)


def test_times_and_amounts_are_compared_too() -> None:
    quick, slow = (
        [Sample("2.0.0", "success", at + n / 100, 10 + n % 3, 0.01, "") for n in range(400)]
        for at in (1.0, 5.0)
    )
    for metric in ("latency_p50", "latency_p95"):
        assert measure(no_worse(metric, 0.5), slow, "2.0.0", quick).verdict is Verdict.FAILED
        assert measure(no_worse(metric, 0.5), quick, "2.0.0", slow).verdict is Verdict.SUCCESSFUL
        assert measure(no_worse(metric, 1.0), quick, "2.0.0", quick).verdict is Verdict.SUCCESSFUL
    few = measure(no_worse("latency_p95", 0.5), quick[:20], "2.0.0", quick)
    assert few.verdict is Verdict.INCONCLUSIVE  # twenty runs don't hold their 95th percentile
    tokens = measure(no_worse("tokens_per_run", 1), quick, "2.0.0", slow)
    assert tokens.verdict is Verdict.SUCCESSFUL
    unpriced = runs(400, cost=None)
    assert measure(no_worse("cost_per_run", 1), unpriced, "2.0.0", unpriced).verdict is (
        Verdict.INCONCLUSIVE
    )


def test_two_versions_alike_are_rarely_told_apart() -> None:
    chance = random.Random(4)  # noqa: S311 - a fixed seed
    verdicts = []
    for _ in range(300):
        one, other = (runs(300, sum(chance.random() < 0.1 for _ in range(300))) for _ in range(2))
        verdicts.append(measure(no_worse("error_rate", 0.01), one, "2.0.0", other).verdict)
    assert verdicts.count(Verdict.FAILED) <= 9  # 2.5 % is the error that the confidence allows
    assert verdicts.count(Verdict.INCONCLUSIVE) > 250  # one point is too little for 300 runs


def test_an_event_says_what_was_compared() -> None:
    found = measure(no_worse("error_rate", 0.05), runs(400, 40), "2.0.0", runs(400, 20))
    line = found.to_value()["metrics"][0]  # type: ignore[index,call-overload]
    assert (line["value"], line["baseline"], line["baseline_runs"]) == (0.1, 0.05, 400)
    assert line["difference"] == pytest.approx([0.0134, 0.0874], abs=1e-3)


@pytest.mark.parametrize(
    ("metric", "location"),
    [
        ({"metric": "error_rate", "margin": 0.1}, "baseline"),
        ({"metric": "error_rate", "baseline": "stable"}, "margin"),
        ({"metric": "error_rate", "baseline": "stable", "margin": 0}, "above 0"),
        ({"metric": "error_rate", "baseline": "canary", "margin": 0.1}, "not known"),
    ],
)
def test_a_baseline_has_a_margin(metric: Object, location: str) -> None:
    with pytest.raises(UsageError, match=location):
        read_analysis(Part({"metrics": [metric]}, "here"))


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
