"""The application: routes, what surrounds them, and who turns errors into answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from registry_tool.api.layout import ROOT
from registry_tool.api.openapi.document import openapi as description
from registry_tool.commands.live.live_registry import LiveRegistry
from registry_tool.commands.live.runs.live_runs import LiveRuns
from registry_tool.server import (
    deploying,
    governing,
    health,
    mcp_registry,
    problems,
    publishing,
    reading,
    runs,
    signing_in,
)
from registry_tool.server.authentication_gate import AuthenticationGate
from registry_tool.server.authorisation import view
from registry_tool.server.context import Context, context
from registry_tool.server.fast_path import FastPath
from registry_tool.server.forwarded import ForwardedFor
from registry_tool.server.mcp.http import McpEndpoint
from registry_tool.server.methods import refusals
from registry_tool.server.middleware import BodyLimits, RequestLog
from registry_tool.server.openai import routes as openai
from registry_tool.server.parameters import query_of
from registry_tool.server.problems import ProblemError
from registry_tool.server.protocol import TRUSTED
from registry_tool.server.responses import json_document, kept
from registry_tool.server.static_output import document

LARGEST_BODY: Final = 32 * 2**20
PATIENCE: Final = 20.0
"""Seconds that the next part of a body may take."""
_SMALL: Final = 1000
_LEVEL: Final = 6
GRACE: Final = 5.0
"""Seconds that runs have to end by themselves when the server ends, after its answers have had theirs."""
_SWEEP: Final = 600.0
_EARLY: Final = 0.7
"""Of the seconds between two looks at the branch: who asks then finds a look that is not too long ago."""


def openapi(request: Request) -> Response:
    """GET /api/v1/openapi.json: the document that the site publishes, for this server's address."""
    query_of(request, ())
    public = context(request).public_url or str(request.base_url)
    return kept(request, view(request), lambda: json_document(description(public)), public)


OPERATIONS: Final = (
    *reading.ROUTES,
    *publishing.ROUTES,
    *governing.ROUTES,
    *deploying.ROUTES,
    *signing_in.ROUTES,
    *runs.ROUTES,
)


def api_document(request: Request) -> Response:
    """GET /api/v1/…: a document of the static API."""
    path = request.path_params["path"]
    output = context(request).output
    shown = view(request)
    found = document(request, shown, path, built=output.is_there and shown.is_whole)
    return found or _built(request, f"{ROOT}/{path}")


def page(request: Request) -> Response:
    """GET /…: a page of the site."""
    return _built(request, request.path_params["path"])


def _built(request: Request, path: str) -> Response:
    """What was built, which shows all workflows, is for whoever may read them all."""
    if not view(request).is_whole:
        raise ProblemError(
            HTTPStatus.FORBIDDEN,
            "this shows workflows that are not for you",
            f"`GET /{ROOT}/workflows` shows those that are",
        )
    return context(request).output.answer(request, path)


def create_app(shared: Context) -> Starlette:
    """The application over a registry."""
    routes = [
        Route("/openapi.json", openapi, methods=["GET"]),
        *OPERATIONS,
        *refusals(OPERATIONS),
        Route("/{path:path}", api_document, methods=["GET"]),
    ]
    mcp = McpEndpoint(shared, sessions=shared.workers == 1)
    app = Starlette(
        routes=[
            *health.ROUTES,
            Mount(f"/{ROOT}", routes=routes),
            *openai.ROUTES,
            *mcp_registry.ROUTES,
            Route("/mcp", endpoint=mcp),
            Route("/{path:path}", page, methods=["GET"]),
        ],
        middleware=[
            Middleware(ForwardedFor, trusted=shared.trusted_proxies),
            Middleware(RequestLog, metrics=shared.metrics),
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE"],
                allow_headers=[
                    *("Authorization", "Content-Type", "Idempotency-Key", "If-None-Match"),
                    "Last-Event-ID",  # of a stream that a page takes up again
                ],
                expose_headers=["ETag", "Link", "Location", "Retry-After", "X-Request-Id"],
            ),
            Middleware(GZipMiddleware, minimum_size=_SMALL, compresslevel=_LEVEL),
            Middleware(FastPath),
            Middleware(AuthenticationGate),
            Middleware(BodyLimits, largest=LARGEST_BODY, patience=PATIENCE),
        ],
        exception_handlers=dict.fromkeys(problems.HANDLED, problems.on_problem),
        lifespan=partial(lifespan, shared, mcp),
    )
    app.state.context = shared
    return app


@asynccontextmanager
async def lifespan(
    shared: Context, mcp: McpEndpoint, _: Starlette
) -> AsyncIterator[Mapping[str, object]]:
    """Beside answering: what is past is removed; when the server ends, so do its runs."""
    all_runs = shared.runs
    beside = [
        asyncio.create_task(_sweep(all_runs)),
        asyncio.create_task(_look(shared.registry)),
    ]
    try:
        yield {TRUSTED: shared.trusted_proxies}
    finally:
        for task in beside:
            task.cancel()
        await mcp.close()
        if shared.spare_judge is not None:
            await run_in_threadpool(shared.spare_judge.close)
        await run_in_threadpool(all_runs.close, GRACE)


async def _sweep(all_runs: LiveRuns) -> None:
    while True:
        await run_in_threadpool(all_runs.sweep)
        await asyncio.sleep(_SWEEP)


async def _look(registry: LiveRegistry) -> None:
    """Look at the branch often enough that who asks need not."""
    while True:
        await asyncio.sleep(registry.every * _EARLY)
        await run_in_threadpool(registry.refresh)
