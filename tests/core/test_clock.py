from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from registry_tool.core.clock import FixedClock, instant, seconds


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("5m", 300), ("1h30m", 5400), ("500ms", 0.5), ("30d", 2_592_000), ("1.5s", 1.5)],
)
def test_durations(text: str, wanted: float) -> None:
    assert seconds(text) == wanted


@pytest.mark.parametrize("text", ["9999999999d", "9" * 400 + "h"])
def test_a_duration_without_end_leads_to_a_moment_that_can_be_written(text: str) -> None:
    kept = timedelta(seconds=seconds(text))
    assert instant(datetime(2026, 1, 1, tzinfo=UTC) + kept).startswith("3026")


@pytest.mark.parametrize("text", ["", "5", "5 m", "m", "5x", "-5m", "1h 30m"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        seconds(text)


def test_an_instant_is_in_utc_with_milliseconds() -> None:
    clock = FixedClock(datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC), timedelta(seconds=1))
    assert [instant(clock.now()), instant(clock.now())] == [
        "2038-01-19T03:14:08.000Z",
        "2038-01-19T03:14:09.000Z",
    ]
