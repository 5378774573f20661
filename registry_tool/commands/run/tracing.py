"""Sending a run's traces to an OpenTelemetry collector, where someone asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from registry_tool import __version__
from registry_tool.core.errors import MissingToolError, UsageError
from registry_tool.engine.events import Listener

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PATH = "/v1/traces"
_SECONDS = 5
_SERVICE = "workflow-registry"


def wanted(otlp: str, environ: Mapping[str, str]) -> bool:
    """Whether an address was given, by the option or by OpenTelemetry's own variables."""
    off = environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return bool(otlp) or (not off and any(environ.get(name) for name in ENDPOINTS))


@contextmanager
def tracing(otlp: str, environ: Mapping[str, str]) -> Iterator[tuple[Listener, ...]]:
    """The listeners that make spans of a run, sent when it ends; none where nobody asked for traces.

    `otlp` is a collector's address, such as http://localhost:4318. `MissingToolError` where the extra is missing.
    """
    if not wanted(otlp, environ):
        yield ()
        return
    if otlp and not otlp.startswith(("http://", "https://")):
        raise UsageError(f"{otlp!r} is not an address", hint="write it as http://localhost:4318")
    provider = _provider(otlp)
    from registry_tool.monitoring.traces import Traces

    try:
        yield (Traces(provider),)
    finally:
        provider.shutdown()


def _provider(otlp: str) -> TracerProvider:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError:
        raise MissingToolError(
            "traces need OpenTelemetry's SDK",
            hint="run `pip install 'puppyai-workflow-registry[otel]'`, "
            f"or leave out --otlp and {' and '.join(ENDPOINTS)}",
        ) from None
    address = otlp if not otlp or otlp.endswith(_PATH) else f"{otlp.rstrip('/')}{_PATH}"
    about = Resource.create({"service.name": _SERVICE, "service.version": __version__})
    provider = TracerProvider(resource=about, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=address or None, timeout=_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
