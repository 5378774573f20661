"""What those who operate a server ask: is it alive, can it answer, what has it measured."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from registry_tool import __version__
from registry_tool.core.values import Object
from registry_tool.server.context import context, live
from registry_tool.server.metrics import CONTENT_TYPE
from registry_tool.server.responses import json_response


async def health(request: Request) -> Response:
    """GET /health: the process answers; nothing else is asked."""
    return PlainTextResponse("ok\n")


def ready(request: Request) -> Response:
    """GET /ready: the registry can be read; which commit is shown, and whether its pages stand."""
    snapshot = live(request).snapshot()
    value: Object = {
        "status": "ready",
        "commit": snapshot.commit,
        "registry": snapshot.settings.name,
        "workflows": len(snapshot.summaries),
        "pages": context(request).output.is_there,
        "version": __version__,
    }
    return json_response(request, value)


def metrics(request: Request) -> Response:
    """GET /metrics: in Prometheus' text format."""
    return Response(context(request).metrics.text(), media_type=CONTENT_TYPE)


ROUTES = (
    Route("/health", health, methods=["GET"]),
    Route("/ready", ready, methods=["GET"]),
    Route("/metrics", metrics, methods=["GET"]),
)
