"""`Retry-After` in both of its forms."""

from __future__ import annotations

import pytest

from registry_tool.engine.providers.http.retry_after import wished_wait

NOW = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("wish", "date", "seconds"),
    [
        ("", "", None),
        ("7", "", 7.0),
        ("0.25", "", 0.25),
        (" 3 ", "", 3.0),
        ("Wed, 21 Oct 2026 07:29:30 GMT", NOW, 90.0),
        ("Wed, 21 Oct 2026 07:29:30 -0000", NOW, 90.0),
        ("Wed, 21 Oct 2026 07:27:00 GMT", NOW, 0.0),
        ("Wed, 21 Oct 2026 07:29:30 GMT", "", None),
        ("Wed, 99 Oct 2026 07:29:30 GMT", NOW, None),
        ("soon", NOW, None),
        ("-1", NOW, None),
        ("inf", NOW, None),
        ("9" * 400, NOW, None),
        ("٣", NOW, None),  # a digit, but not one of HTTP's
    ],
)
def test_the_wish_in_seconds(wish: str, date: str, seconds: float | None) -> None:
    assert wished_wait({"retry-after": wish, "date": date}) == seconds


def test_without_the_header_nothing_is_wished() -> None:
    assert wished_wait({"date": NOW}) is None
