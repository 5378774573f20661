"""How often somebody may ask: by person for what changes or runs something, by address for tokens and bad ones.

Each is a bucket that fills by and by. A worker has its own, of its share: somebody with one connection has that
share, with many no more than the whole. It is asked after a token was checked: nobody's bad tokens keep out who
shares an address with them.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from http import HTTPStatus
from threading import Lock
from typing import Final

from registry_tool.core.records import Record
from registry_tool.server.problems import ProblemError

_MOST_BUCKETS: Final = 50_000


class Rate(Record, frozen=True):
    """So many at once, and so many more in each second."""

    at_once: float
    a_second: float


BY_PERSON: Final = Rate(600, 10)
"""Changes and runs of one person."""
TOKENS: Final = Rate(60, 1)
"""Requests for tokens from one address."""
BAD_TOKENS: Final = Rate(60, 1)
"""Tokens that don't count, from one address."""

SESSIONS: Final = Rate(120, 0.2)
"""Sessions of `/mcp` that one person begins, or one address without a token: fewer than there may be."""


class RequestRates:
    """Buckets of one of so many workers; several threads may ask.

    `ticks` are seconds of a clock that never goes back.
    """

    def __init__(self, workers: int = 1, ticks: Callable[[], float] = time.monotonic) -> None:
        self._workers, self._ticks = workers, ticks
        self._lock = Lock()
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, rate: Rate, *who: Hashable) -> None:
        """One of what somebody may; 429 with the time to wait where nothing is left."""
        most = max(1.0, rate.at_once / self._workers)
        a_second = rate.a_second / self._workers
        with self._lock:
            now, key = self._ticks(), (rate, who)
            left, since = self._left.get(key, (most, now))
            left = min(most, left + (now - since) * a_second)
            self._left[key] = (left - 1 if left >= 1 else left, now)
            self._left.move_to_end(key)
            while len(self._left) > _MOST_BUCKETS:
                self._left.popitem(last=False)
        if left < 1:
            seconds = math.ceil((1 - left) / a_second)
            raise ProblemError(
                HTTPStatus.TOO_MANY_REQUESTS,
                "too many requests",
                "wait, and ask less often",
                headers={"Retry-After": str(seconds)},
            )
