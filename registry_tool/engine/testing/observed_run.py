"""What a test sees of a run beside its outputs: the edges as spans, and the models that were asked."""

from __future__ import annotations

from registry_tool.core.values import Frozen
from registry_tool.engine import events
from registry_tool.engine.answerers import Answerers
from registry_tool.engine.assertions.base import EdgeSpan, ModelCall, RunSeen
from registry_tool.engine.edges.base import Services
from registry_tool.engine.events import Event
from registry_tool.engine.run import RunResult

_ENDED = frozenset({events.EDGE_FINISHED, events.EDGE_RETRIED, events.EDGE_FAILED})


class RunObserver:
    """A listener that keeps what assertions on the run, and reports of it, look at.

    `own` is the workflow under test: edges of workflows that it calls may have the same ids.
    """

    def __init__(self, own: str = "") -> None:
        self._own = own
        self._spans: list[EdgeSpan] = []
        self._calls: list[ModelCall] = []
        self._started: set[str] = set()
        self._by_hand: dict[str, None] = {}
        self._answerers = Answerers()

    def __call__(self, event: Event) -> None:
        """Keep an event."""
        metadata = event.metadata
        edge = str(metadata.get("edge", ""))
        self._answerers(event)
        if event.name == events.EDGE_STARTED and self._own in {"", event.workflow}:
            self._started.add(edge)
        elif event.name == events.EDGE_ANSWERED:
            self._by_hand[edge] = None
        elif event.name == events.MODEL_CALLED:
            self._calls.append(ModelCall(edge, str(metadata.get("finish_reason", ""))))
        elif event.name in _ENDED:
            name, seconds = f"{metadata['type']}.{edge}", metadata.get("seconds")
            self._spans.append(
                EdgeSpan(
                    name,
                    float(seconds) if isinstance(seconds, int | float) else 0.0,
                    str(metadata.get("error", "")),
                )
            )

    def seen(self, result: RunResult, inputs: Frozen, services: Services) -> RunSeen:
        """The run as assertions take it."""
        return RunSeen(
            outputs=result.outputs,
            inputs=inputs,
            seconds=result.seconds,
            cost=result.usage.cost_usd,
            spans=tuple(self._spans),
            calls=tuple(self._calls),
            started=frozenset(self._started),
            by_hand=tuple(self._by_hand),
            stand_ins=self._answerers.stand_ins,
            services=services,
        )
