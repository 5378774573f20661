"""Which of a schedule's times have come. They are in UTC, which knows no summer time: each comes once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import Final

from cronsim import CronSim

MOST_COUNTED: Final = 1000
"""Missed times are counted up to here."""

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DueTick:
    """The newest time that has come, and how many before it were missed."""

    tick: datetime
    missed: int


def due(cron: str, last: datetime, now: datetime) -> DueTick | None:
    """What is due at `now`, the last time that was dealt with being `last`; None where nothing is.

    However many times were missed, only the newest one is made up for.
    """
    this_minute = now.replace(second=0, microsecond=0)
    newest = next(CronSim(cron, this_minute + _MINUTE, reverse=True), None)
    if newest is None or newest <= last:
        return None
    between = takewhile(lambda tick: tick < newest, islice(CronSim(cron, last), MOST_COUNTED))
    return DueTick(newest, sum(1 for _ in between))
