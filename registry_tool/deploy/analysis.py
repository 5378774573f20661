"""Whether runs are good enough: thresholds on what was measured, judged by confidence intervals.

Shares are judged by Wilson's interval (https://doi.org/10.1080/01621459.1927.10502953): a threshold is kept where
the whole interval keeps it, broken where the whole interval breaks it, and else nothing is known yet. A quantile
is the share of runs beyond the threshold: the 95th percentile is at most m where at most 5 % of the runs take
longer. Means (tokens, cost) have the normal interval of a mean.

A `margin` is how much worse than the stable version's runs of the same time the candidate may be. It is held
against the interval of the difference, made out of both versions' own intervals (MOVER: Zou and Donner,
https://doi.org/10.1002/sim.3095; for shares this is Newcombe's method 10, Statistics in Medicine 17, 873-890).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import NormalDist

from registry_tool.core.values import Object, Value
from registry_tool.deploy.intervals import (
    METRICS,
    QUANTILES,
    SUCCESS,
    Sample,
    amounts_of,
    interval_of,
    mean_interval,
    value_of,
    wilson,
)
from registry_tool.deploy.settings import Part

__all__ = ["Sample", "wilson"]  # parts of what an analysis is asked with

_KEYS = ("metrics", "min_runs", "failure_limit", "confidence")


@dataclass(frozen=True, slots=True)
class RunQuery:
    """Which runs are asked for: those of a workflow in an environment, by a deployment, from a moment on."""

    environment: str
    workflow: str
    deployment: str
    time: str


Samples = Callable[[RunQuery], list[Sample]]


class Verdict(StrEnum):
    """What an analysis says."""

    SUCCESSFUL = "successful"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """One failed is failed, else one inconclusive is inconclusive."""
    found = set(verdicts)
    for verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE):
        if verdict in found:
            return verdict
    return Verdict.SUCCESSFUL


@dataclass(frozen=True, slots=True)
class Threshold:
    """A metric's bounds, at least one: `most`, `least`, and `margin` above the stable version's value."""

    metric: str
    most: float | None = None
    least: float | None = None
    margin: float | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What must hold. `failure_limit` measurements may fail before the analysis does."""

    thresholds: tuple[Threshold, ...] = ()
    min_runs: int = 1
    failure_limit: int = 0
    confidence: float = 0.95

    @property
    def has_baseline(self) -> bool:
        """Whether the stable version's runs are asked for."""
        return any(threshold.margin is not None for threshold in self.thresholds)

    def without_baseline(self) -> Analysis:
        """What is left to hold where the stable version takes no runs any more."""
        left = [replace(t, margin=None) for t in self.thresholds]
        bound = tuple(t for t in left if (t.most, t.least) != (None, None))
        return replace(self, thresholds=bound)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was found, a line a metric."""

    verdict: Verdict
    runs: int
    metrics: tuple[Object, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """True where no threshold is set, or no run came."""
        return not self.metrics or not self.runs

    def to_value(self) -> Object:
        """As an event's detail; it says so where no threshold was set."""
        metrics: list[Value] = [dict(metric) for metric in self.metrics]
        nothing: Object = {} if metrics else {"measured": "nothing"}
        return {"verdict": self.verdict.value, "runs": self.runs, "metrics": metrics, **nothing}


def read_analysis(part: Part | None, *, beside: Sequence[str] = ()) -> Analysis:
    """The analysis in the settings, nothing to hold where there is none; `beside` are keys that others read."""
    if part is None:
        return Analysis()
    part.only((*_KEYS, *beside))
    confidence = part.number("confidence", 0.95, 0.5, 0.9999)
    return Analysis(
        tuple(map(_read_threshold, part.parts("metrics"))),
        part.whole("min_runs", 1, 1, 1_000_000),
        part.whole("failure_limit", 0, 0, 1_000),
        0.95 if confidence is None else confidence,
    )


def _read_threshold(part: Part) -> Threshold:
    part.only(("metric", "max", "min", "baseline", "margin"))
    metric = part.choice("metric", METRICS, "")
    most, least = part.number("max", None, 0.0), part.number("min", None, 0.0)
    margin = _read_margin(part)
    if most is None and least is None and margin is None:
        raise part.error("", "it has no bound", "give max, min, or a margin above baseline: stable")
    if metric == "error_rate" and (most == 0 or (most is not None and most > 1)):
        raise part.error(
            "max", "it must be a share above 0, at most 1",
            "write 0.01 for one in a hundred: no number of runs proves that none ever fails",
        )  # fmt: skip
    return Threshold(metric, most, least, margin)


def _read_margin(part: Part) -> float | None:
    """How much worse than `baseline: stable` is still well; the two go together."""
    if ("baseline" in part.value) != ("margin" in part.value):
        missing = "margin" if "baseline" in part.value else "baseline"
        raise part.error(missing, "it is missing", "write baseline: stable and margin: 0.02")
    if "baseline" in part.value:
        part.choice("baseline", ("stable",), "")
    margin = part.number("margin", None, 0.0)
    if margin == 0:
        raise part.error(
            "margin", "it must be above 0",
            "say how much worse is still well: no number of runs proves that two versions are exactly alike",
        )  # fmt: skip
    return margin


def measure(
    analysis: Analysis, samples: Iterable[Sample], version: str, stable: Sequence[Sample] = ()
) -> Measurement:
    """The verdict on a version's samples; without thresholds, everything is well.

    `stable` are the stable version's of the same time, where the analysis has a baseline.
    """
    seen = [sample for sample in samples if sample.version == version]
    if not analysis.thresholds:
        return Measurement(Verdict.SUCCESSFUL, len(seen))
    z = NormalDist().inv_cdf((1 + analysis.confidence) / 2)
    judged = [_judge(threshold, seen, stable, z) for threshold in analysis.thresholds]
    verdict = together(found for found, _ in judged)
    counts = [len(seen), *([len(stable)] if analysis.has_baseline else [])]
    if min(counts) < analysis.min_runs:
        verdict = Verdict.INCONCLUSIVE
    return Measurement(verdict, len(seen), tuple(line for _, line in judged))


def _judge(
    threshold: Threshold, samples: Sequence[Sample], stable: Sequence[Sample], z: float
) -> tuple[Verdict, Object]:
    bounds = [("max", threshold.most), ("min", threshold.least)]
    checks = [
        (name, bound, *_interval(threshold.metric, name, bound, samples, z))
        for name, bound in bounds
        if bound is not None
    ]
    verdicts = [_against(low, high, limit, name) for name, _, limit, low, high in checks]
    line: Object = {"metric": threshold.metric, "value": value_of(threshold.metric, samples)}
    line |= {name: bound for name, bound, *_ in checks}
    if threshold.margin is not None:
        low, high = difference(threshold.metric, samples, stable, z)
        verdicts.append(_against(low, high, threshold.margin, "margin"))
        line |= {
            "margin": threshold.margin,
            "baseline": value_of(threshold.metric, stable),
            "baseline_runs": len(stable),
            "difference": [_finite(low), _finite(high)],
        }
    return together(verdicts), {**line, "verdict": together(verdicts).value}


def _finite(end: float) -> float | None:
    return round(end, 6) if math.isfinite(end) else None


def difference(
    metric: str, candidate: Sequence[Sample], stable: Sequence[Sample], z: float
) -> tuple[float, float]:
    """Where the candidate's value less the stable version's truly lies; anywhere where either is not known."""
    one, other = value_of(metric, candidate), value_of(metric, stable)
    if one is None or other is None:
        return -math.inf, math.inf
    low, high = interval_of(metric, candidate, z)
    other_low, other_high = interval_of(metric, stable, z)
    between = one - other
    return (
        between - math.hypot(one - low, other_high - other),
        between + math.hypot(high - one, other - other_low),
    )


def _against(low: float, high: float, limit: float, name: str) -> Verdict:
    """`low` to `high` is where the truth lies."""
    if name == "min":
        low, high, limit = -high, -low, -limit
    if high <= limit:
        return Verdict.SUCCESSFUL
    return Verdict.FAILED if low > limit else Verdict.INCONCLUSIVE


def _interval(
    metric: str, name: str, bound: float, samples: Sequence[Sample], z: float
) -> tuple[float, float, float]:
    """(what to compare with, lower, upper end) of a metric; a quantile becomes the share of runs beyond it."""
    if metric in QUANTILES:
        slower = [
            sample.seconds >= bound if name == "min" else sample.seconds > bound
            for sample in samples
        ]
        return 1 - QUANTILES[metric], *wilson(sum(slower), len(samples), z)
    if metric == "error_rate":
        return bound, *wilson(sum(s.status != SUCCESS for s in samples), len(samples), z)
    return bound, *mean_interval(amounts_of(metric, samples), z)
