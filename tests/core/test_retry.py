"""`Retry-After` in both of its forms, and waits that grow where a server says nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registry_tool.core.retry import Backoff, parse_retry_after

NOW = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("expected", "date", "seconds"),
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
def test_what_is_asked_for_in_seconds(expected: str, date: str, seconds: float | None) -> None:
    assert parse_retry_after({"retry-after": expected, "date": date}) == seconds


def test_without_the_header_nothing_is_asked_for() -> None:
    assert parse_retry_after({"date": NOW}) is None


def test_our_own_clock_counts_only_where_the_server_tells_no_time() -> None:
    now = datetime(2026, 10, 21, 7, 29, tzinfo=UTC)
    fields = {"retry-after": "Wed, 21 Oct 2026 07:29:30 GMT"}
    assert parse_retry_after(fields, now) == 30.0
    assert parse_retry_after({**fields, "date": NOW}, now) == 90.0


def test_waits_double_up_to_a_bound_and_a_share_of_them_is_left_to_chance() -> None:
    policy = Backoff(1.0, 30.0, least=0.5)
    assert [policy.wait(n, lambda _, most: most) for n in (1, 2, 3, 9999)] == [1.0, 2.0, 4.0, 30.0]
    assert [policy.wait(n, lambda least, _: least) for n in (1, 2, 3)] == [0.5, 1.0, 2.0]
    assert Backoff().wait(3, lambda least, _: least) == 0.0


def test_what_a_server_asks_for_counts_up_to_the_longest_wait() -> None:
    assert [Backoff().wait(1, asked=message) for message in (0.0, 7.0, 1e9)] == [0.0, 7.0, 30.0]
