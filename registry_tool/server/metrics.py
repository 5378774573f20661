"""What is measured of HTTP, in the names of Prometheus' conventions; routes, never addresses, are labels."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class HttpMetrics:
    """Counts of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        labels = ("method", "route", "status")
        self._requests = Counter("http_requests", "Requests answered.", labels, registry=registry)
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "From a request's head to the end of its answer.",
            ("method", "route"),
            buckets=BUCKETS,
            registry=registry,
        )
        self.running = Gauge("http_requests_running", "Requests being answered.", registry=registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer; `route` is the pattern that the address fits, empty for none."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self.registry)
