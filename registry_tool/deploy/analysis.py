"""Whether runs are good enough: thresholds on what was measured, judged by intervals, not by luck.

Shares are judged by Wilson's interval (https://doi.org/10.1080/01621459.1927.10502953): a threshold is kept where
the whole interval keeps it, broken where the whole interval breaks it, and else nothing is known yet. A quantile
is the share of runs beyond the threshold: the 95th percentile is at most m where at most 5 % of the runs take
longer. Means (tokens, cost) have the normal interval of a mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist, fmean, stdev

from registry_tool.core.values import Object, Value
from registry_tool.deploy.reading import Part

SUCCESS = "success"
METRICS = ("error_rate", "latency_p50", "latency_p95", "cost_per_run", "tokens_per_run")
_QUANTILES = {"latency_p50": 0.5, "latency_p95": 0.95}
_KEYS = ("metrics", "min_runs", "failure_limit", "confidence")


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: `status` is success or another word, `cost` in dollars where it is known, `time` RFC 3339."""

    version: str
    status: str
    seconds: float
    tokens: int
    cost: float | None
    time: str


@dataclass(frozen=True, slots=True)
class Since:
    """Which runs are asked for: those of a workflow in an environment, by a deployment, from a moment on."""

    environment: str
    workflow: str
    deployment: str
    time: str


Samples = Callable[[Since], list[Sample]]


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
    """A metric's bounds: `most` and `least`, at least one of them."""

    metric: str
    most: float | None = None
    least: float | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What must hold. `failure_limit` measurements may fail before the analysis does."""

    thresholds: tuple[Threshold, ...] = ()
    min_runs: int = 1
    failure_limit: int = 0
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was found, a line a metric."""

    verdict: Verdict
    runs: int
    metrics: tuple[Object, ...] = ()

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
    part.only(("metric", "max", "min"))
    metric = part.choice("metric", METRICS, "")
    most, least = part.number("max", None, 0.0), part.number("min", None, 0.0)
    if most is None and least is None:
        raise part.error("", "it has no bound", "give max, min or both")
    if metric == "error_rate" and (most == 0 or (most is not None and most > 1)):
        raise part.error(
            "max", "it must be a share above 0, at most 1",
            "write 0.01 for one in a hundred: no number of runs proves that none ever fails",
        )  # fmt: skip
    return Threshold(metric, most, least)


def measure(analysis: Analysis, samples: Iterable[Sample], version: str) -> Measurement:
    """The verdict on a version's samples; without thresholds, everything is well."""
    seen = [sample for sample in samples if sample.version == version]
    if not analysis.thresholds:
        return Measurement(Verdict.SUCCESSFUL, len(seen))
    z = NormalDist().inv_cdf((1 + analysis.confidence) / 2)
    judged = [_judge(threshold, seen, z) for threshold in analysis.thresholds]
    verdict = together(found for found, _ in judged)
    if len(seen) < analysis.min_runs:
        verdict = Verdict.INCONCLUSIVE
    return Measurement(verdict, len(seen), tuple(line for _, line in judged))


def _judge(threshold: Threshold, samples: Sequence[Sample], z: float) -> tuple[Verdict, Object]:
    bounds = [("max", threshold.most), ("min", threshold.least)]
    checks = [
        (name, bound, *_interval(threshold.metric, name, bound, samples, z))
        for name, bound in bounds
        if bound is not None
    ]
    verdicts = [_against(low, high, limit, name) for name, _, limit, low, high in checks]
    line: Object = {"metric": threshold.metric, "value": _value(threshold.metric, samples)}
    line |= {name: bound for name, bound, *_ in checks}
    return together(verdicts), {**line, "verdict": together(verdicts).value}


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
    if metric in _QUANTILES:
        slower = [
            sample.seconds >= bound if name == "min" else sample.seconds > bound
            for sample in samples
        ]
        return 1 - _QUANTILES[metric], *wilson(sum(slower), len(samples), z)
    if metric == "error_rate":
        return bound, *wilson(sum(s.status != SUCCESS for s in samples), len(samples), z)
    return bound, *_mean_interval(_amounts(metric, samples), z)


def wilson(hits: int, runs: int, z: float) -> tuple[float, float]:
    """Where a share truly lies, by its hits among some runs; everything is possible where there are none."""
    if not runs:
        return 0.0, 1.0
    share, square = hits / runs, z * z
    middle = (share + square / (2 * runs)) / (1 + square / runs)
    half = z / (1 + square / runs) * math.sqrt(share * (1 - share) / runs + square / (4 * runs**2))
    return (0.0 if hits == 0 else middle - half), (1.0 if hits == runs else middle + half)


def _mean_interval(amounts: Sequence[float], z: float) -> tuple[float, float]:
    if len(amounts) < 2:
        return -math.inf, math.inf
    half = z * stdev(amounts) / math.sqrt(len(amounts))
    return fmean(amounts) - half, fmean(amounts) + half


def _amounts(metric: str, samples: Iterable[Sample]) -> list[float]:
    if metric == "tokens_per_run":
        return [float(sample.tokens) for sample in samples]
    return [sample.cost for sample in samples if sample.cost is not None]


def _value(metric: str, samples: Sequence[Sample]) -> float | None:
    """The plain number, for people; None where nothing was measured."""
    if metric == "error_rate":
        amounts = [float(sample.status != SUCCESS) for sample in samples]
    elif metric in _QUANTILES:
        amounts = sorted(sample.seconds for sample in samples)
    else:
        amounts = _amounts(metric, samples)
    if not amounts:
        return None
    if metric in _QUANTILES:
        return amounts[math.ceil(_QUANTILES[metric] * len(amounts)) - 1]
    return round(fmean(amounts), 6)
