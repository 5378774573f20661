"""Run records as erasure and pruning want them."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.commands.deployed import Target
from registry_tool.commands.records import months, read_month, read_records
from registry_tool.monitoring.records import RunRecord


def runs_of(target: Target, environment: str) -> Sequence[RunRecord]:
    """Every record of an environment."""
    return read_records(target, environment)


def months_of(target: Target) -> dict[str, list[RunRecord]]:
    """Every record by the month whose branch holds it, which is that of the run's start."""
    return {month: read_month(target, month) for month in months(target)}
