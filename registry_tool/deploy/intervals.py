"""What runs say of a version: a metric's value, and the interval in which the true one lies.

Shares have Wilson's interval (https://doi.org/10.1080/01621459.1927.10502953), means the normal one,
quantiles the one between two order statistics (David and Nagaraja, Order Statistics, 7.1).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

SUCCESS = "success"
METRICS = ("error_rate", "latency_p50", "latency_p95", "cost_per_run", "tokens_per_run")
QUANTILES = {"latency_p50": 0.5, "latency_p95": 0.95}


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: `status` is success or another word, `cost` in dollars where it is known, `time` RFC 3339."""

    version: str
    status: str
    seconds: float
    tokens: int
    cost: float | None
    time: str


def wilson(hits: int, runs: int, z: float) -> tuple[float, float]:
    """Where a share truly lies, by its hits among some runs; everything is possible where there are none."""
    if not runs:
        return 0.0, 1.0
    share, square = hits / runs, z * z
    middle = (share + square / (2 * runs)) / (1 + square / runs)
    half = z / (1 + square / runs) * math.sqrt(share * (1 - share) / runs + square / (4 * runs**2))
    return (0.0 if hits == 0 else middle - half), (1.0 if hits == runs else middle + half)


def mean_interval(amounts: Sequence[float], z: float) -> tuple[float, float]:
    """Where a mean truly lies; everything is possible below two amounts."""
    if len(amounts) < 2:
        return -math.inf, math.inf
    half = z * stdev(amounts) / math.sqrt(len(amounts))
    return fmean(amounts) - half, fmean(amounts) + half


def amounts_of(metric: str, samples: Iterable[Sample]) -> list[float]:
    """Each run's tokens, or dollars where they are known."""
    if metric == "tokens_per_run":
        return [float(sample.tokens) for sample in samples]
    return [sample.cost for sample in samples if sample.cost is not None]


def value_of(metric: str, samples: Sequence[Sample]) -> float | None:
    """The plain number, for people; None where nothing was measured."""
    if metric == "error_rate":
        amounts = [float(sample.status != SUCCESS) for sample in samples]
    elif metric in QUANTILES:
        amounts = sorted(sample.seconds for sample in samples)
    else:
        amounts = amounts_of(metric, samples)
    if not amounts:
        return None
    if metric in QUANTILES:
        return amounts[math.ceil(QUANTILES[metric] * len(amounts)) - 1]
    return round(fmean(amounts), 6)


def interval_of(metric: str, samples: Sequence[Sample], z: float) -> tuple[float, float]:
    """Where a metric's true value lies, in its own unit."""
    if metric == "error_rate":
        return wilson(sum(s.status != SUCCESS for s in samples), len(samples), z)
    if metric in QUANTILES:
        return _quantile_interval(QUANTILES[metric], [s.seconds for s in samples], z)
    return mean_interval(amounts_of(metric, samples), z)


def _quantile_interval(quantile: float, amounts: Sequence[float], z: float) -> tuple[float, float]:
    """Between two of the sorted amounts; open to a side where there are too few of them."""
    number, sorted_ = len(amounts), sorted(amounts)
    half = z * math.sqrt(number * quantile * (1 - quantile))
    low, high = math.floor(number * quantile - half), math.ceil(number * quantile + half)
    return (
        sorted_[low - 1] if low >= 1 else -math.inf,
        sorted_[high - 1] if 1 <= high <= number else math.inf,
    )
