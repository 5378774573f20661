"""How long runs took."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from registry_tool.commands.live.runs.latency import MOST_RUNS, MeasuredLatency
from registry_tool.monitoring.totals import RunNote

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def note(version: str, status: str, seconds: float | None) -> RunNote:
    return RunNote("exec-0", "hello", version, "live", NOW, status=status, seconds=seconds)


def test_it_is_that_of_a_versions_latest_runs_that_succeeded() -> None:
    new = [[note("1.0.0", "success", 900.0), note("1.0.0", "error", 50.0), note("1.0.0", "", None)]]
    latency = MeasuredLatency(new.pop, ticks=lambda: 0.0)
    latency._looked = 0.0  # nobody looks by themselves
    assert latency.of("hello", "1.0.0") is None
    latency.refresh()
    assert latency.of("hello", "1.0.0") == {"runs": 1, "p50": 900.0, "p95": 900.0}
    new.append([note("1.0.0", "success", number / 10) for number in range(1, MOST_RUNS + 1)])
    latency.refresh()
    assert latency.of("hello", "1.0.0") == {"runs": MOST_RUNS, "p50": 5.05, "p95": 9.505}
    assert latency.of("hello", "1.1.0") is None


def test_records_are_read_beside_and_not_at_each_question() -> None:
    ticks, looks = [0.0], []

    def unread() -> Iterator[RunNote]:
        looks.append(ticks[0])
        yield note("1.0.0", "success", 1.0)

    latency = MeasuredLatency(unread, ticks=lambda: ticks[0])
    for at in (0.0, 59.0, 61.0):
        ticks[0] = at
        latency.of("hello", "1.0.0")
        latency._reader.join()
    assert looks == [0.0, 61.0]
    assert latency.of("hello", "1.0.0") == {"runs": 2, "p50": 1.0, "p95": 1.0}
