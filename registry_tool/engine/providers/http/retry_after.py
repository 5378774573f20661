"""The wait that a server wishes for: `Retry-After`, in seconds or as a date (RFC 9110, section 10.2.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")


def wished_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds; None where there is no wish, or none that makes sense.

    A date is compared with the server's own `Date`: its clock may not be ours. `headers` find names in lower case.
    """
    wish = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(wish):
        return float(wish)
    until, now = _moment(wish), _moment(headers.get("date", ""))
    if until is None or now is None:
        return None
    return max((until - now).total_seconds(), 0.0)


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
