"""Timing and size that all benchmarks share."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
SMALLEST = "--smallest" in sys.argv[1:]
"""Run once, as small as it can be: shows that a benchmark works, not how quick anything is."""


def sized(full: T, smallest: T) -> T:
    """`full` for a measurement, `smallest` with `--smallest`."""
    return smallest if SMALLEST else full


def best(call: Callable[[], object], repeats: int = 5) -> float:
    """The shortest of several runs in seconds: what the work costs when nothing disturbs it."""
    times = []
    for _ in range(sized(repeats, 1)):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return min(times)
