"""How long a refusal asks to wait."""

from __future__ import annotations

import pytest

from registry_tool.forge.github.rate_limits import Pace, back_off, wait_of

NOON = {"date": "Wed, 25 Nov 2026 12:00:00 GMT"}
NOON_SECONDS = 1795608000


@pytest.mark.parametrize(
    ("status", "headers", "body", "seconds"),
    [
        (404, {"retry-after": "5"}, b"", None),
        (500, {}, b"", None),
        (403, {}, b'{"message": "Resource not accessible"}', None),
        (403, {"x-ratelimit-remaining": "10"}, b"", None),
        (403, {"retry-after": "5"}, b"", 5.0),
        (429, {"retry-after": "7", "x-ratelimit-remaining": "0"}, b"", 7.0),
        (
            403,
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOON_SECONDS + 30)},
            b"",
            31.0,
        ),
        (
            429,
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOON_SECONDS - 30)},
            b"",
            1.0,
        ),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"}, b"", 60.0),
        (429, {}, b"", 60.0),
        (429, {"retry-after": "-5"}, b"", 60.0),
        (429, {"retry-after": "9" * 400}, b"", 60.0),
        (429, {"retry-after": "Wed, 25 Nov 2026 12:00:09 GMT"}, b"", 9.0),
        (403, {"retry-after": "Wed, 25 Nov 2026 11:00:00 GMT"}, b"", 0.0),
        (429, {"retry-after": "soon"}, b"", 60.0),
        (403, {}, b'{"message": "You have exceeded a secondary rate limit"}', 60.0),
    ],
)
def test_what_a_refusal_asks_for(
    status: int, headers: dict[str, str], body: bytes, seconds: float | None
) -> None:
    """The server's own clock counts: the one here may be years off."""
    assert wait_of(status, {**NOON, **headers}, body, 0) == seconds


def test_secondary_limits_ask_for_more_each_time() -> None:
    assert [wait_of(429, {}, b"", attempt) for attempt in range(3)] == [60.0, 120.0, 240.0]


def test_back_off_doubles_up_to_a_bound() -> None:
    low, high = Pace(chance=lambda: 0.0), Pace(chance=lambda: 1.0)
    assert [back_off(n, high) for n in (0, 1, 2, 20)] == [1.0, 2.0, 4.0, 30.0]
    assert [back_off(n, low) for n in (0, 1, 2, 20)] == [0.5, 1.0, 2.0, 15.0]
