"""Runs of a deployment, as the watch judges them: out of the registry's run records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from registry_tool.deploy.analysis import RunQuery, Sample, Samples
from registry_tool.monitoring.runs import RUNNING, Run, runs_of
from registry_tool.state.runs.records import read_records
from registry_tool.state.target import Target

_TELLS_NOTHING = "cancelled"
"""How a run failed that says nothing about the version: somebody broke it off."""


def samples_of(target: Target) -> Samples:
    """Asks the run records; each question reads the months since the given moment."""

    def samples(since: RunQuery) -> list[Sample]:
        begin = datetime.fromisoformat(since.time)
        records = read_records(target, since.environment, since.workflow, begin)
        return list(samples_in(runs_of(records, target.clock.now()), since.deployment))

    return samples


def samples_in(runs: Iterable[Run], deployment: str) -> Iterator[Sample]:
    """The samples in runs of a deployment's version.

    None is a batch's shard, which is many runs in one; a run that was broken off; and one that who asked made
    another than the deployment's: with another provider, or ended by a bound of their own.
    """
    for run in runs:
        start, end, usage = run.start, run.end, run.usage
        if start.deployment != deployment or start.runs != 1 or run.status == RUNNING:
            continue
        if run.steered or (end is not None and end.error_kind == _TELLS_NOTHING):
            continue
        seconds = end.seconds if end else start.timeout
        yield Sample(start.version, run.status, seconds, usage.tokens, usage.cost_usd, start.time)
