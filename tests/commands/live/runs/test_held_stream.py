"""A run's log, whose last word waits."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest

from registry_tool.commands.live.runs.held_stream import HeldStream, is_end
from registry_tool.core.clock import FixedClock

CLOCK = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
ABOUT = {"name": "hello", "version": "1.0.0", "execution_id": "exec-1"}


def line(event: str, id: str = "exec-1") -> str:
    return json.dumps({"event": event, "workflow": {"execution_id": id}}) + "\n"


@pytest.mark.parametrize(
    ("event", "id", "ends"),
    [
        ("execution_finished", "exec-1", True),
        ("execution_failed", "exec-1", True),
        ("execution_finished", "exec-1.callee", False),
        ("execution_started", "exec-1", False),
        ("edge_failed", "exec-1", False),
    ],
)
def test_the_end_is_the_runs_own_and_waits(event: str, id: str, ends: bool) -> None:
    stream, woken = io.StringIO(), list[int]()
    told = HeldStream(stream, "exec-1", lambda: woken.append(1))
    told.write(line(event, id))
    told.flush()
    assert bool(stream.getvalue()) != ends
    assert is_end(line(event, id), "exec-1") == is_end(line(event, id).encode(), "exec-1") == ends
    told.release(ABOUT, {"status": "success"}, CLOCK)
    if ends:
        assert stream.getvalue() == line(event, id)
    assert len(woken) == 2


def test_of_a_run_that_never_began_the_end_is_reported_all_the_same() -> None:
    stream = io.StringIO()
    told = HeldStream(stream, "exec-1", lambda: None)
    told.release(ABOUT, {"status": "error", "error": "no model"}, CLOCK)
    entry = json.loads(stream.getvalue())
    assert (entry["event"], entry["workflow"]) == ("execution_failed", ABOUT)
    assert entry["metadata"] == {"status": "error", "error": "no model"}
