"""Runs out of their records: how each one went, and which were lost on the way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from registry_tool.core.records import Record
from registry_tool.core.values import Object
from registry_tool.engine.providers.models.base import Usage
from registry_tool.monitoring.records import LOST, STARTED, Payload, RunRecord

RUNNING: Final = "running"
GRACE: Final = timedelta(minutes=5)
"""How much later than its timeout a run may still be recorded: machines' clocks differ, and jobs end slowly."""


class Run(Record, frozen=True):
    """One run. `status` is running, lost, or what its last attempt ended with; `usage` is that of all attempts.

    A lost run was admitted and never recorded as finished, although its timeout is over. `again` are the starts
    of the same id after an end: each counts as the first one does.
    """

    start: RunRecord
    ends: tuple[RunRecord, ...]
    status: str
    again: tuple[RunRecord, ...] = ()

    @property
    def last_start(self) -> RunRecord:
        """The start of the last attempt that was admitted."""
        return self.again[-1] if self.again else self.start

    @property
    def counted(self) -> int:
        """How many runs a plan counts: every start, and every end that had none of its own.

        A second attempt at an admitted run, whose first one left no end, is the same run: it counts once.
        """
        starts = (self.start, *self.again)
        known = sum(end.status != LOST for end in self.ends)
        extra = max(0, known - len(starts))
        return sum(start.runs for start in starts) + extra * self.last_start.runs

    @property
    def end(self) -> RunRecord | None:
        """The last attempt's record."""
        return self.ends[-1] if self.ends else None

    @property
    def is_known(self) -> bool:
        """Whether it is known what the run used."""
        ended = len(self.ends) > len(self.again)
        return ended and all(end.status != LOST for end in self.ends)

    @property
    def steered(self) -> str:
        """How who asked made it another run than the deployment's; empty where they did not."""
        return self.last_start.steered or (self.end.steered if self.end else "")

    @property
    def usage(self) -> Usage:
        """What all attempts used together, as far as it is known."""
        total = Usage()
        for end in self.ends:
            total += end.usage
        return total

    @property
    def payload(self) -> Payload | None:
        """Where inputs and outputs are."""
        return self.end.payload if self.end else None

    def to_value(self) -> Object:
        """As `puppy-cli runs --format json` prints it."""
        start, end = self.start, self.end
        value: Object = {
            "execution_id": start.execution_id,
            "workflow": start.workflow,
            "version": start.version,
            "environment": start.environment,
            "deployment": start.deployment,
            "actor": start.actor,
            "subject": start.subject,
            "plan": start.plan,
            "status": self.status,
            "started": start.time,
            "runs": self.counted,
        }
        if self.steered:
            value["steered"] = self.steered
        if end is not None:
            value |= {
                "finished": end.time,
                "seconds": end.seconds,
                "usage": {**self.usage.to_value()},
                "error_kind": end.error_kind,
                "artifact": end.payload.artifact if end.payload else "",
            }
            if end.answered_by:
                value |= {"answered_by": end.answered_by, "instead_of": end.instead_of}
        return value


def runs_of(records: Iterable[RunRecord], now: datetime) -> list[Run]:
    """The runs in the order of their starts. `now` decides which unfinished ones count as lost."""
    starts: dict[tuple[str, str], list[RunRecord]] = {}
    ends: dict[tuple[str, str], list[RunRecord]] = {}
    for record in records:
        key = (record.environment, record.execution_id)
        if record.kind == STARTED:
            starts.setdefault(key, []).append(record)
        else:
            ends.setdefault(key, []).append(record)
    return [
        Run(
            begun[0],
            tuple(ends.get(key, ())),
            _status(begun, ends.get(key, []), now),
            tuple(begun[1:]),
        )
        for key, begun in starts.items()
    ]


def _status(starts: list[RunRecord], ends: list[RunRecord], now: datetime) -> str:
    start = starts[-1]
    if len(ends) >= len(starts):
        return ends[-1].status
    over = datetime.fromisoformat(start.time) + timedelta(seconds=start.timeout) + GRACE
    return LOST if now > over else RUNNING
