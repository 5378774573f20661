from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry_tool.monitoring.ticks import MOST_COUNTED, DueTick, due


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "last", "now", "found"),
    [
        ("0 3 * * *", "2026-11-25T02:00", "2026-11-25T02:59:59", None),
        ("0 3 * * *", "2026-11-25T02:00", "2026-11-25T03:00", DueTick(at("2026-11-25T03:00"), 0)),
        ("0 3 * * *", "2026-11-25T03:00", "2026-11-25T09:00", None),
        ("0 3 * * *", "2026-11-22T03:00", "2026-11-25T09:00", DueTick(at("2026-11-25T03:00"), 2)),
        # clocks that go forward and back in Europe and America do not matter: each time comes once
        ("30 1 * * *", "2026-03-28T01:30", "2026-03-29T02:00", DueTick(at("2026-03-29T01:30"), 0)),
        ("30 1 * * *", "2026-10-25T01:30", "2026-10-25T02:59", None),
        ("30 2 * * *", "2026-03-07T02:30", "2026-03-08T02:30", DueTick(at("2026-03-08T02:30"), 0)),
        (
            "14 3 19 1 *",
            "2037-12-31T00:00",
            "2038-01-19T03:14:08",
            DueTick(at("2038-01-19T03:14"), 0),
        ),
        ("0 0 29 2 *", "2027-01-01T00:00", "2028-03-01T00:00", DueTick(at("2028-02-29T00:00"), 0)),
        (
            "0 0 1 1 *",
            "2026-12-31T23:59",
            "2027-01-01T00:00:01",
            DueTick(at("2027-01-01T00:00"), 0),
        ),
    ],
)
def test_what_is_due(cron: str, last: str, now: str, found: DueTick | None) -> None:
    assert due(cron, at(last), at(now)) == found


def test_a_clock_that_goes_back_makes_nothing_due() -> None:
    assert due("* * * * *", at("2026-11-25T12:00"), at("2026-11-25T11:00")) is None


def test_missed_times_are_counted_to_an_end() -> None:
    found = due("* * * * *", at("2020-01-01T00:00"), at("2026-11-25T12:00"))
    assert found == DueTick(at("2026-11-25T12:00"), MOST_COUNTED)


@settings(deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=20))
def test_however_often_one_looks_each_time_comes_at_most_once(minutes: list[int]) -> None:
    last = at("2026-10-25T00:00")
    begin, seen = last, list[datetime]()
    for minute in sorted(minutes):
        found = due("*/15 * * * *", last, begin + timedelta(minutes=minute))
        if found is not None:
            seen.append(found.tick)
            last = found.tick
    assert seen == sorted(set(seen))
    assert last == begin + timedelta(minutes=max(minutes) // 15 * 15)
