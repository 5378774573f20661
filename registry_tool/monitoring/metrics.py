"""A run's metrics, out of the events that it tells."""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from prometheus_client.openmetrics.exposition import generate_latest

from registry_tool.core.values import Frozen
from registry_tool.engine import events
from registry_tool.engine.events import Event
from registry_tool.monitoring.series import FinishedRun, RunSeries

_ENDS = frozenset({events.EXECUTION_FINISHED, events.EXECUTION_FAILED})


class OutermostRuns:
    """Tells the runs that somebody asked for from those of workflows that they call.

    A called workflow's execution id is its caller's, a dot and its name; its tokens are in its caller's usage.
    """

    def __init__(self) -> None:
        self._running: set[str] = set()

    def ends(self, name: str, execution_id: str) -> bool:
        """True where an event is the end of such a run."""
        inner = any(
            execution_id[:at] in self._running
            for at, char in enumerate(execution_id)
            if char == "."
        )
        if name == events.EXECUTION_STARTED and not inner:
            self._running.add(execution_id)
        if name not in _ENDS or inner:
            return False
        self._running.discard(execution_id)
        return True


def finished_run(
    workflow: str, version: str, metadata: Frozen, environment: str = ""
) -> FinishedRun:
    """What is counted, out of the payload of an event that ends a run."""
    seconds, usage = metadata.get("seconds"), metadata.get("usage")
    return FinishedRun(
        workflow,
        version,
        str(metadata.get("status", "")),
        float(seconds) if isinstance(seconds, int | float) else None,
        usage if isinstance(usage, dict) else {},
        environment,
    )


class Metrics:
    """A listener that counts executions of an environment, their time in seconds, tokens and dollars."""

    def __init__(self, registry: CollectorRegistry | None = None, environment: str = "") -> None:
        self._environment = environment
        self.registry = registry or CollectorRegistry()
        self._runs = RunSeries(self.registry)
        self._outermost = OutermostRuns()

    def __call__(self, event: Event) -> None:
        """Take note of one event."""
        if self._outermost.ends(event.name, event.execution_id):
            run = finished_run(event.workflow, event.version, event.metadata, self._environment)
            self._runs.count(run)

    def openmetrics(self) -> str:
        """The OpenMetrics text."""
        return openmetrics(self.registry)


def openmetrics(registry: CollectorRegistry) -> str:
    """A registry's OpenMetrics text (https://openmetrics.io)."""
    return str(generate_latest(registry), "utf-8")
