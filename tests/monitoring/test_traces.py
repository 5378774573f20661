"""The mapping, by the SDK's own exporter in memory, and against the names that its conventions package has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes as names
from opentelemetry.semconv.schemas import Schemas
from opentelemetry.trace import SpanKind, StatusCode

from registry_tool.core.values import Object
from registry_tool.engine.edges.base import Services
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.manifest.model import Workflow
from registry_tool.monitoring import traces
from registry_tool.monitoring.traces import Traces
from tests.engine.small import ScriptedModel, asking, go


def refuse(_: str) -> str:
    raise ProviderError("the secret prompt was refused")


Run = Callable[..., dict[str, ReadableSpan]]


@pytest.fixture
def spans() -> Run:
    def run(workflow: Workflow, inputs: Object, answer: Any = str.upper) -> dict[str, ReadableSpan]:
        memory, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(memory))
        services = Services(model=ScriptedModel(answer))
        go(workflow, inputs, services=services, listeners=(Traces(provider),), environment="e")
        provider.shutdown()
        return {span.name: span for span in memory.get_finished_spans()}

    return run


def test_a_run_its_edges_and_questions_nest(spans: Run) -> None:
    found = spans(asking(), {"question": "private words"})
    run, edge, chat = found["invoke_workflow t"], found["edge ask"], found["chat gpt-4o-mini"]
    assert run.parent is None
    assert run.context is not None
    assert edge.parent == run.context
    assert chat.parent == edge.context
    assert (run.kind, chat.kind) == (SpanKind.INTERNAL, SpanKind.CLIENT)
    assert chat.attributes is not None
    assert chat.attributes["gen_ai.provider.name"] == "told"
    assert chat.attributes["gen_ai.operation.name"] == "chat"
    assert run.start_time is not None
    assert edge.start_time is not None
    assert chat.start_time is not None
    assert run.start_time <= edge.start_time <= chat.start_time
    scope = chat.instrumentation_scope
    assert scope is not None
    assert scope.schema_url == traces.SCHEMA_URL


def test_no_prompt_answer_or_error_text_is_in_a_span(spans: Run) -> None:
    found = {
        **spans(asking(), {"question": "private words"}),
        "failed": spans(asking(), {"question": "private words"}, refuse)["invoke_workflow t"],
    }
    message = "".join(span.to_json() for span in found.values()).lower()
    assert "private" not in message
    assert "secret prompt" not in message


def test_a_failure_has_its_class_and_state(spans: Run) -> None:
    found = spans(asking(), {"question": "x"}, refuse)
    for name in ("invoke_workflow t", "edge ask"):
        assert found[name].status.status_code is StatusCode.ERROR
        assert found[name].attributes is not None
        assert found[name].attributes["error.type"] == "provider"


def test_the_names_are_those_of_the_pinned_conventions() -> None:
    assert Schemas.V1_41_0.value == traces.SCHEMA_URL
    known = {value for key, value in vars(names).items() if key.startswith("GEN_AI_")}
    ours = {value for value in vars(traces).values() if str(value).startswith("gen_ai.")}
    assert ours <= known
    operations = {operation.value for operation in names.GenAiOperationNameValues}
    assert {traces.CHAT, traces.EXECUTE_TOOL, traces.INVOKE_WORKFLOW} <= operations
