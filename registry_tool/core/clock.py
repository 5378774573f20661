"""Time comes in from outside, so that the same input gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time in UTC."""

    def now(self) -> datetime:
        """The present moment, timezone-aware, UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


class FunctionClock:
    """A clock that asks a function for the time, in UTC."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now


class FixedClock:
    """A clock for tests: starts at `start`, each reading advances it by `step`."""

    def __init__(self, start: datetime, step: timedelta = timedelta(0)) -> None:
        self._next = start
        self._step = step

    def now(self) -> datetime:
        """The set moment; the next reading is `step` later."""
        moment = self._next
        self._next = moment + self._step
        return moment


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds: `2024-01-20T15:30:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
LONGEST = 365_250 * 86400.0
"""Seconds of a thousand years: what is added to a moment must not lead past the calendar's end."""
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def seconds(duration: str) -> float:
    """A duration (`1h30m`, `500ms`, `30d`) in seconds, at most `LONGEST`; `ValueError` for another text."""
    position, total = 0, 0.0
    while position < len(duration):
        part = _PART.match(duration, position)
        if part is None:
            break
        total += float(part[1]) * _UNITS[part[2]]
        position = part.end()
    if position == 0 or position < len(duration):
        raise ValueError(f"{duration!r} is not a duration such as 90s, 5m or 1h30m")
    return min(total, LONGEST)
