"""What handlers share, kept in the application's state."""

from __future__ import annotations

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry
from starlette.requests import Request

from registry_tool.commands.live.live_registry import LiveRegistry
from registry_tool.server.metrics import HttpMetrics
from registry_tool.server.static_output import StaticOutput


@dataclass(frozen=True)
class Context:
    """The registry, its static output, and what is measured. `public_url` is where others reach the server."""

    registry: LiveRegistry
    output: StaticOutput
    public_url: str = ""
    metrics: HttpMetrics = field(default_factory=lambda: HttpMetrics(CollectorRegistry()))


def context(request: Request) -> Context:
    """The context of a request's application."""
    found: Context = request.app.state.context
    return found


def live(request: Request) -> LiveRegistry:
    """The registry."""
    return context(request).registry
