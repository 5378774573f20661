"""A run's records, as tests of what counts and lists them want them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from registry_tool.monitoring.records import STARTED, RunRecord

_START = RunRecord(
    kind=STARTED,
    execution_id="exec-1",
    workflow="hello",
    version="1.0.0",
    environment="production",
    deployment="dep-1",
    actor="ada",
    time="2026-11-25T12:00:00.000Z",
    timeout=60.0,
)


def started(execution_id: str = "exec-1", **more: Any) -> RunRecord:
    """The record with which a run began."""
    return replace(_START, execution_id=execution_id, **more)
