"""Runs of a deployment, as the watch judges them: out of the registry's run records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from registry_tool.commands.deployed import Target
from registry_tool.commands.records import read_records
from registry_tool.deploy.analysis import Sample, Samples, Since
from registry_tool.monitoring.records import LOST
from registry_tool.monitoring.runs import Run, runs_of


def samples_of(target: Target) -> Samples:
    """Asks the registry's run records; runs that are still under way are no samples yet, lost ones failed."""

    def samples(since: Since) -> list[Sample]:
        begin = datetime.fromisoformat(since.time) if since.time else None
        records = read_records(target, since.environment, since.workflow, begin)
        return list(_samples(runs_of(records, target.clock.now()), since.deployment))

    return samples


def _samples(runs: list[Run], deployment: str) -> Iterator[Sample]:
    for run in runs:
        start, end, usage = run.start, run.end, run.usage
        if start.deployment == deployment and (end is not None or run.status == LOST):
            seconds = end.seconds if end is not None else start.timeout
            yield Sample(
                start.version, run.status, seconds, usage.tokens, usage.cost_usd, start.time
            )
