"""What a run tells: nothing that an input marked as personal holds, and every token once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from registry_tool.engine import events
from registry_tool.engine.events import Event
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.run_log import RunLog
from registry_tool.engine.settings import RunSettings
from tests.engine.small import workflow

FLOW = workflow("""
  blocks: [{ id: who, type: text }, { id: size, type: text }]
  edges: []
  interface: { inputs: [{ name: who, pii: true }, { name: size }] }
""")
WHEN = datetime(2026, 3, 1, tzinfo=UTC)


def log(*listeners: Any) -> RunLog:
    settings = RunSettings("exec-1", environment="staging", listeners=listeners, now=lambda: WHEN)
    return RunLog(FLOW, {"who": "Ada Lovelace", "size": 3}, settings)


def test_a_run_begins_and_ends_without_what_is_personal() -> None:
    heard: list[Event] = []
    run = log(heard.append)
    run.started()
    run.finished("no Ada Lovelace here", 1.23456789, "edge")
    begun, ended = heard
    assert begun == Event(
        WHEN,
        events.EXECUTION_STARTED,
        *("t", "1.0.0", "exec-1"),
        {"environment": "staging", "inputs": {"who": "[PERSONAL]", "size": 3}},
    )
    assert ended.name == events.EXECUTION_FAILED
    assert "Ada" not in str(ended.metadata)
    assert (ended.metadata["status"], ended.metadata["error_kind"]) == ("error", "edge")
    assert ended.metadata["seconds"] == 1.234568


def test_a_success_has_no_error() -> None:
    heard: list[Event] = []
    log(heard.append).finished("", 1.0, "")
    assert heard[0].name == events.EXECUTION_FINISHED
    assert "error" not in heard[0].metadata


def test_tokens_add_up_whoever_listens() -> None:
    run = log()
    usage: Any = Usage(3, 2, 1, 0.5).to_value()
    for name in (events.MODEL_CALLED, events.SERVICE_CALLED, events.EDGE_FINISHED):
        run.emit(name, {"edge": "e", "usage": usage})
    run.emit(events.SERVICE_CALLED, {"edge": "e", "results": 1})
    assert run.usage == Usage(6, 4, 2, 1.0)


def test_a_notice_is_kept_once_and_a_callee_s_by_its_name() -> None:
    run = log()
    for what in ("the end", "the end", "the middle"):
        run.emit(events.TEXT_LEFT_OUT, {"edge": "e", "what": what})
    run.add("callee", Usage(1, 1, 1), ("the end",))
    assert list(run.notices) == ["edge e: the end", "edge e: the middle", "callee: the end"]
    assert run.usage.tokens == 2
