"""When a server is asked again: after its own `Retry-After` (RFC 9110, 10.2.3), else by exponential back-off."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from registry_tool.core.records import Record

_SECONDS = re.compile(r"[0-9]{1,11}(\.[0-9]{1,6})?")

Jitter = Callable[[float, float], float]
"""A number between two, by chance."""


def parse_retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that a server asks to wait; None where it doesn't, or where that makes no sense.

    A date is compared with the server's own `Date`, since our clock may be wrong, and with `now` only where that
    is missing. `headers` find names in lower case.
    """
    value = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    until, since = parse_date(value), parse_date(headers.get("date", "")) or now
    if until is None or since is None:
        return None
    return max((until - since).total_seconds(), 0.0)


def parse_date(text: str) -> datetime | None:
    """The moment in a header, None where it holds none."""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Backoff(Record, frozen=True):
    """Waits in seconds that double from `first` to `longest`; the share above `least` is left to chance."""

    first: float = 0.5
    longest: float = 30.0
    least: float = 0.0

    def wait(
        self, failures: int, jitter: Jitter = random.uniform, asked: float | None = None
    ) -> float:
        """Seconds to wait after so many failures (from 1); what the server asked for counts, up to `longest`."""
        if asked is not None:
            return min(asked, self.longest)
        whole = min(self.first * 2.0 ** min(failures - 1, 60), self.longest)
        return jitter(whole * self.least, whole)
