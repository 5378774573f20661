"""`puppy-cli runs`: which runs there were, and how they went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from registry_tool.core import clock
from registry_tool.core.errors import UsageError
from registry_tool.monitoring.records import BrokenRecordError
from registry_tool.monitoring.runs import Run, runs_of
from registry_tool.state.runs.records import read_records
from registry_tool.state.target import Target


def list_runs(  # noqa: PLR0913 - all named
    target: Target,
    name: str = "",
    environment: str = "",
    *,
    status: str = "",
    since: str = "",
    every: bool = False,
    broken: Callable[[BrokenRecordError], None] | None = None,
) -> list[Run]:
    """Runs in the order of their starts; `BrokenRecordError` where a record is missing or forged.

    With `broken`, which hears of it, the records that can be read are listed all the same.
    """
    now = target.clock.now()
    begin = moment(since, now) if since else None
    records = read_records(target, environment, name, begin, every=every, broken=broken)
    found = sorted(runs_of(records, now), key=lambda run: run.start.time)
    return [run for run in found if not status or run.status == status]


def moment(text: str, now: datetime) -> datetime:
    """A time or an age as a moment; a time without a zone is in UTC. `UsageError` for neither."""
    try:
        return now - timedelta(seconds=clock.seconds(text))
    except (ValueError, OverflowError):
        pass
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{text[:40]!r} is neither a time nor an age",
            hint="write 2026-11-25, 2026-11-25T12:00Z, 90m, 24h or 7d",
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
