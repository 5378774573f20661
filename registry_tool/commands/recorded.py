"""Run records as erasure, pruning and the exporter want them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from registry_tool.commands.deployed import Target
from registry_tool.commands.records import months, read_month, read_records
from registry_tool.monitoring.records import STARTED, RunRecord
from registry_tool.monitoring.runs import GRACE
from registry_tool.monitoring.totals import RunNote


def runs_of(target: Target, environment: str) -> Sequence[RunRecord]:
    """Every record of an environment."""
    return read_records(target, environment)


def months_of(target: Target) -> dict[str, list[RunRecord]]:
    """Every record by the month whose branch holds it, which is that of the run's start."""
    return {month: read_month(target, month) for month in months(target)}


def new_notes(target: Target) -> Callable[[str], Iterable[RunNote]]:
    """Gives the records of an environment that it has not given before, oldest first."""
    given: dict[str, set[tuple[str, int]]] = {}

    def notes(environment: str) -> Iterable[RunNote]:
        seen = given.setdefault(environment, set())
        for month in months(target):
            for record in read_month(target, month, environment):
                if (month, record.number) not in seen:
                    seen.add((month, record.number))
                    yield _note(record)

    return notes


def _note(record: RunRecord) -> RunNote:
    ended = record.kind != STARTED
    return RunNote(
        execution_id=record.execution_id,
        workflow=record.workflow,
        version=record.version,
        environment=record.environment,
        time=datetime.fromisoformat(record.time),
        actor=record.actor,
        plan=record.plan,
        runs=record.runs,
        patience=timedelta(seconds=record.timeout) + GRACE,
        status=record.status if ended else "",
        seconds=record.seconds if ended else None,
        usage=record.usage.to_value() if ended else {},
    )
