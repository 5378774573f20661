"""Counts in Prometheus' text format."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from registry_tool.server.metrics import HttpMetrics


def test_an_answer_is_counted_and_timed() -> None:
    metrics = HttpMetrics(CollectorRegistry())
    metrics.answered("GET", "/workflows", 200, 0.03)
    metrics.answered("GET", "/workflows", 404, 3.0)
    text = metrics.text().decode()
    assert 'http_requests_total{method="GET",route="/workflows",status="404"} 1.0' in text
    assert (
        'http_request_duration_seconds_bucket{le="0.05",method="GET",route="/workflows"} 1.0'
        in text
    )
    assert 'http_request_duration_seconds_count{method="GET",route="/workflows"} 2.0' in text
