"""Events of a run as assertions see them."""

from __future__ import annotations

from datetime import UTC, datetime

from registry_tool.engine import events
from registry_tool.engine.assertions.base import EdgeSpan, ModelCall
from registry_tool.engine.edges.base import Services
from registry_tool.engine.events import Event
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.settings import RunResult
from registry_tool.engine.testing.observed_run import RunObserver

WHEN = datetime(2026, 3, 1, tzinfo=UTC)


def test_edges_are_spans_and_models_are_calls() -> None:
    observed = RunObserver()
    for name, message in (
        (events.EDGE_STARTED, {"edge": "a", "type": "llm"}),
        (events.MODEL_CALLED, {"edge": "a", "finish_reason": "stop"}),
        (events.EDGE_RETRIED, {"edge": "a", "type": "llm", "error": "busy"}),
        (events.EDGE_FINISHED, {"edge": "a", "type": "llm", "seconds": 2}),
        (events.EDGE_FAILED, {"edge": "b", "type": "code", "seconds": 0.5, "error": "line 1"}),
        (events.MODEL_CALLED, {"edge": "c"}),
        (events.EXECUTION_FAILED, {"error": "x"}),
    ):
        observed(Event(WHEN, name, "t", "1.0.0", "exec-1", message))  # type: ignore[arg-type]
    result = RunResult("exec-1", "error", {"o": 1}, {}, Usage(1, 1, 1, 0.25), 3.0, error="x")
    seen = observed.seen(result, {"i": 2}, Services())
    assert seen.spans == (
        EdgeSpan("llm.a", 0.0, "busy"),
        EdgeSpan("llm.a", 2.0, ""),
        EdgeSpan("code.b", 0.5, "line 1"),
    )
    assert seen.calls == (ModelCall("a", "stop"), ModelCall("c", ""))
    assert (seen.outputs, seen.inputs, seen.seconds, seen.cost) == ({"o": 1}, {"i": 2}, 3.0, 0.25)
