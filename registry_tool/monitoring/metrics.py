"""The design document's three metrics, and what runs cost, by prometheus_client."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.openmetrics.exposition import generate_latest

from registry_tool.core.values import Object
from registry_tool.engine import events
from registry_tool.engine.events import Event

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)


class Metrics:
    """A listener that counts executions, their time in seconds and the tokens they used."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._executions = Counter(
            "workflow_executions",
            "Finished executions.",
            ["workflow_name", "version", "status"],
            registry=self.registry,
        )
        self._duration = Histogram(
            "workflow_execution_duration",
            "Wall time of executions in seconds.",
            ["workflow_name", "version"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._usage = Gauge(
            "workflow_resource_usage",
            "What the latest execution used: tokens in, tokens out, model calls.",
            ["workflow_name", "resource_type"],
            registry=self.registry,
        )

        self._tokens = Counter(
            "workflow_tokens",
            "Tokens that models were given and gave.",
            ["workflow_name", "version", "direction"],
            registry=self.registry,
        )
        self._cost = Counter(
            "workflow_cost_usd",
            "Dollars, where prices are known.",
            ["workflow_name", "version"],
            registry=self.registry,
        )

    def __call__(self, event: Event) -> None:
        """Take note of one event."""
        if event.name not in {events.EXECUTION_FINISHED, events.EXECUTION_FAILED}:
            return
        status = str(event.metadata["status"])
        seconds = event.metadata["seconds"]
        self._executions.labels(event.workflow, event.version, status).inc()
        if isinstance(seconds, int | float):
            self._duration.labels(event.workflow, event.version).observe(seconds)
        usage = event.metadata.get("usage")
        if isinstance(usage, dict):
            for kind, amount in usage.items():
                if isinstance(amount, int | float):
                    self._usage.labels(event.workflow, kind).set(amount)
            self._count(event, usage)

    def _count(self, event: Event, usage: Object) -> None:
        for direction, key in (("in", "input_tokens"), ("out", "output_tokens")):
            tokens = usage.get(key)
            if isinstance(tokens, int):
                self._tokens.labels(event.workflow, event.version, direction).inc(tokens)
        cost = usage.get("cost_usd")
        if isinstance(cost, int | float):
            self._cost.labels(event.workflow, event.version).inc(cost)

    def openmetrics(self) -> str:
        """The OpenMetrics text."""
        return str(generate_latest(self.registry), "utf-8")
