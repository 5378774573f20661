"""Timing that all benchmarks share."""

from __future__ import annotations

import time
from collections.abc import Callable


def best(call: Callable[[], object], repeats: int = 5) -> float:
    """The shortest of several runs in seconds: what the work costs when nothing disturbs it."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return min(times)
