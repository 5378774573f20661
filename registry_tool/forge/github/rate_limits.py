"""How long to wait before GitHub is asked again.

https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from registry_tool.core.clock import SystemClock
from registry_tool.core.retry import Backoff, parse_date, parse_retry_after

_SECONDARY = 60.0  # GitHub: "wait for at least one minute"
_BACKOFF = Backoff(first=1.0, least=0.5)


@dataclass(frozen=True, slots=True)
class Pace:
    """Time and chance, handed in: seconds of a clock that only goes on, a sleep, a number from 0 to 1.

    `notify` hears why a wait is long.
    """

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    notify: Callable[[str], None] = lambda _: None


def back_off(attempt: int, pace: Pace) -> float:
    """Seconds before the attempt after number `attempt` (from 0): doubling, the upper half by chance."""
    return _BACKOFF.wait(attempt + 1, lambda least, most: least + (most - least) * pace.chance())


def wait_of(status: int, headers: Mapping[str, str], body: bytes, attempt: int) -> float | None:
    """Seconds that a refusal asks for; None where it is not about rates. `headers` have lower-case names."""
    if status not in {403, 429}:
        return None
    if (seconds := parse_retry_after(headers, SystemClock().now())) is not None:
        return seconds
    if headers.get("x-ratelimit-remaining") == "0":
        reset = _number(headers.get("x-ratelimit-reset"))
        return max(reset - _server_time(headers), 0.0) + 1.0 if reset is not None else _SECONDARY
    if status == 429 or b"secondary rate limit" in body.lower():
        return float(_SECONDARY * 2**attempt)
    return None


def _number(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None


def _server_time(headers: Mapping[str, str]) -> float:
    """Seconds since 1970 by the server's own clock, so that a wrong one here does no harm."""
    return (parse_date(headers.get("date", "")) or SystemClock().now()).timestamp()
