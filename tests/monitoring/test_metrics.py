"""The metrics of a run, out of the events that it tells."""

from __future__ import annotations

from datetime import UTC, datetime

from prometheus_client.openmetrics.parser import text_string_to_metric_families

from registry_tool.engine import events
from registry_tool.engine.events import Event
from registry_tool.monitoring.metrics import Metrics

WHEN = datetime(2024, 1, 20, 15, 30, tzinfo=UTC)


def event(name: str, **metadata: object) -> Event:
    return Event(WHEN, name, "hello", "1.0.0", "exec-1", metadata)  # type: ignore[arg-type]


def test_the_three_metrics() -> None:
    metrics = Metrics()
    usage = {"input_tokens": 10, "output_tokens": 5, "calls": 1}
    metrics(event(events.EXECUTION_FINISHED, status="success", seconds=0.3, usage=usage))
    metrics(event(events.EXECUTION_FAILED, status="error", seconds=2.0, usage=usage))
    metrics(event(events.EDGE_STARTED, edge="a", type="llm"))
    text = metrics.openmetrics()
    assert (
        'workflow_executions_total{status="success",version="1.0.0",workflow_name="hello"} 1.0'
        in text
    )
    assert (
        'workflow_executions_total{status="error",version="1.0.0",workflow_name="hello"} 1.0'
        in text
    )
    assert 'workflow_execution_duration_sum{version="1.0.0",workflow_name="hello"} 2.3' in text
    assert (
        'workflow_resource_usage{resource_type="input_tokens",workflow_name="hello"} 10.0' in text
    )
    assert text.endswith("# EOF\n")
    read = {family.name: family.type for family in text_string_to_metric_families(text)}
    assert read["workflow_executions"] == "counter"
    assert read["workflow_execution_duration"] == "histogram"
    assert read["workflow_resource_usage"] == "gauge"


def test_tokens_and_dollars_are_counted_where_they_are_known() -> None:
    metrics = Metrics(environment="staging")
    for cost in (0.25, 0.5, None):
        usage = {"input_tokens": 10, "output_tokens": 5, "calls": 1, "cost_usd": cost}
        metrics(event(events.EXECUTION_FINISHED, status="success", seconds=0.3, usage=usage))
    text = metrics.openmetrics()
    assert (
        'workflow_cost_usd_total{environment="staging",version="1.0.0",workflow_name="hello"} 0.75'
        in text
    )
    where = 'environment="staging",version="1.0.0",workflow_name="hello"'
    assert f'workflow_tokens_total{{direction="in",{where}}} 30.0' in text
    own = 'workflow_runs_total{environment="staging",status="success",version="1.0.0",workflow_name="hello"}'
    assert f"{own} 3.0" in text
    document = 'workflow_executions_total{status="success",version="1.0.0",workflow_name="hello"}'
    assert f"{document} 3.0" in text  # the design document's labels, and no other
