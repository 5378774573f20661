"""A run as OpenTelemetry spans, in the names of its conventions for generative AI.

The only module that knows those names. They are in development and change with every version, so they are pinned:
https://github.com/open-telemetry/semantic-conventions/tree/v1.41.0/docs/gen-ai (gen-ai-spans.md for `chat` and
`execute_tool`, gen-ai-agent-spans.md for `invoke_workflow`). No span holds inputs, prompts, answers, error texts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from registry_tool.core.values import Frozen
from registry_tool.engine import events
from registry_tool.engine.events import Event

if TYPE_CHECKING:
    from opentelemetry.trace import Span, SpanKind, Tracer, TracerProvider
    from opentelemetry.util.types import AttributeValue

SEMCONV = "1.41.0"
SCHEMA_URL = f"https://opentelemetry.io/schemas/{SEMCONV}"
SCOPE = "workflow-registry"

OPERATION = "gen_ai.operation.name"
WORKFLOW = "gen_ai.workflow.name"
PROVIDER = "gen_ai.provider.name"
REQUEST_MODEL = "gen_ai.request.model"
RESPONSE_MODEL = "gen_ai.response.model"
FINISH_REASONS = "gen_ai.response.finish_reasons"
INPUT_TOKENS = "gen_ai.usage.input_tokens"
OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
TOOL = "gen_ai.tool.name"
ERROR_TYPE = "error.type"
OTHER_ERROR = "_OTHER"
INVOKE_WORKFLOW, CHAT, EXECUTE_TOOL = "invoke_workflow", "chat", "execute_tool"

# What the conventions have no word for.
VERSION, EXECUTION_ID = "workflow.version", "workflow.execution_id"
ENVIRONMENT, EDGE_TYPE = "workflow.environment", "workflow.edge.type"

_RUN_ENDS = frozenset({events.EXECUTION_FINISHED, events.EXECUTION_FAILED})
_EDGE_ENDS = frozenset({events.EDGE_FINISHED, events.EDGE_FAILED})

Attributes = dict[str, "AttributeValue"]


class Traces:
    """A listener that makes spans of a run's events, with the events' own times."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer: Tracer = provider.get_tracer(SCOPE, schema_url=SCHEMA_URL)
        self._runs: dict[str, Span] = {}
        self._edges: dict[tuple[str, str], Span] = {}

    def __call__(self, event: Event) -> None:
        """Take note of one event."""
        if event.name == events.EXECUTION_STARTED:
            self._begin_run(event)
        elif event.name in _RUN_ENDS:
            self._end(self._runs.pop(event.execution_id, None), event)
        elif event.name == events.EDGE_STARTED:
            self._begin_edge(event)
        elif event.name in _EDGE_ENDS:
            self._end(self._edges.pop(_edge(event), None), event)
        elif event.name == events.MODEL_CALLED:
            self._model(event)
        elif event.name == events.SERVICE_CALLED:
            self._service(event)

    def _begin_run(self, event: Event) -> None:
        from opentelemetry.trace import SpanKind

        about: Attributes = {
            OPERATION: INVOKE_WORKFLOW,
            WORKFLOW: event.workflow,
            VERSION: event.version,
            EXECUTION_ID: event.execution_id,
            ENVIRONMENT: str(event.metadata.get("environment", "")),
        }
        name = f"{INVOKE_WORKFLOW} {event.workflow}"
        caller = self._runs.get(event.execution_id.rpartition(".")[0])
        self._runs[event.execution_id] = self._start(
            name, SpanKind.INTERNAL, caller, event.time, about
        )

    def _begin_edge(self, event: Event) -> None:
        from opentelemetry.trace import SpanKind

        about: Attributes = {EDGE_TYPE: str(event.metadata["type"])}
        name = f"edge {event.metadata['edge']}"
        run = self._runs.get(event.execution_id)
        self._edges[_edge(event)] = self._start(name, SpanKind.INTERNAL, run, event.time, about)

    def _model(self, event: Event) -> None:
        metadata = event.metadata
        about: Attributes = {
            OPERATION: CHAT,
            PROVIDER: str(metadata.get("provider", "")),
            REQUEST_MODEL: str(metadata["model"]),
            RESPONSE_MODEL: str(metadata.get("answered_by", "")),
            FINISH_REASONS: [str(metadata.get("finish_reason", ""))],
            **_tokens(metadata.get("usage")),
        }
        self._call(f"{CHAT} {metadata['model']}", event, about)

    def _service(self, event: Event) -> None:
        service = str(event.metadata["service"])
        about: Attributes = {OPERATION: EXECUTE_TOOL, TOOL: service}
        self._call(f"{EXECUTE_TOOL} {service}", event, about)

    def _call(self, name: str, event: Event, about: Attributes) -> None:
        """A span that is over: the event tells how long it took."""
        from opentelemetry.trace import SpanKind

        seconds = event.metadata.get("seconds")
        took = timedelta(seconds=seconds if isinstance(seconds, int | float) else 0)
        edge = self._edges.get(_edge(event)) or self._runs.get(event.execution_id)
        span = self._start(name, SpanKind.CLIENT, edge, event.time - took, about)
        span.end(_nanoseconds(event.time))

    def _start(
        self,
        name: str,
        kind: SpanKind,
        parent: Span | None,
        when: datetime,
        about: Attributes,
    ) -> Span:
        from opentelemetry.context import Context
        from opentelemetry.trace import set_span_in_context

        context = set_span_in_context(parent, Context()) if parent else Context()
        return self._tracer.start_span(name, context, kind, about, start_time=_nanoseconds(when))

    @staticmethod
    def _end(span: Span | None, event: Event) -> None:
        from opentelemetry.trace import StatusCode

        if span is None:
            return
        if event.level == "ERROR":
            span.set_attribute(ERROR_TYPE, _error_type(event.metadata))
            span.set_status(StatusCode.ERROR)
        span.end(_nanoseconds(event.time))


def _edge(event: Event) -> tuple[str, str]:
    return event.execution_id, str(event.metadata["edge"])


def _error_type(metadata: Frozen) -> str:
    """The failure's class; its text may quote what must not leave the machine."""
    return str(metadata.get("error_kind") or OTHER_ERROR)


def _tokens(usage: object) -> Attributes:
    fields = usage if isinstance(usage, dict) else {}
    pairs = ((INPUT_TOKENS, "input_tokens"), (OUTPUT_TOKENS, "output_tokens"))
    return {name: fields[key] for name, key in pairs if isinstance(fields.get(key), int)}


def _nanoseconds(when: datetime) -> int:
    return int(when.timestamp() * 1_000_000) * 1000
