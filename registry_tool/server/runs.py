"""Runs over HTTP: begun and awaited, read, watched and cancelled."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from registry_tool.api.layout import ROOT
from registry_tool.commands.live.runs.found_run import (
    BusyError,
    FoundRun,
    NoRunsError,
    RunBeganElsewhereError,
    WantedRun,
)
from registry_tool.commands.run.access import AccessError
from registry_tool.commands.run.candidate_run import ServedNoLongerError
from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Object
from registry_tool.monitoring.quota import QuotaError
from registry_tool.security.tokens.principal import RUN
from registry_tool.server.authorisation import demand, demand_there, principal, requester
from registry_tool.server.bodies import body_as
from registry_tool.server.changing import idempotency_key
from registry_tool.server.context import context
from registry_tool.server.parameters import query_of
from registry_tool.server.problems import ProblemError, bad_parameter
from registry_tool.server.watching import events, until_ended

LONGEST_WAIT: Final = 300.0
"""Seconds that an answer is held back for a result; whoever waits longer asks for the run."""
SOON: Final = {"Retry-After": "5"}
_PRIVATE: Final = {"Cache-Control": "no-store"}
_STREAM: Final = {**_PRIVATE, "X-Accel-Buffering": "no"}


class ExecuteBody(Stored, frozen=True):
    """What `POST /workflows/{name}/execute` takes."""

    inputs: dict[str, Any]  # JSON
    version: str = ""
    environment: str = ""
    wait: bool = True


_BODY: Final = FileFormat[ExecuteBody](
    ExecuteBody, "request", hint='send {"inputs": {…}}, and `version`, `environment`, `wait`'
)


async def execute(request: Request) -> Response:
    """POST /workflows/{name}/execute: 200 with the result, 202 where nobody waits for it or it takes long."""
    query_of(request, ())
    name = request.path_params["name"]
    who = await run_in_threadpool(demand, request, RUN, name)
    await run_in_threadpool(demand_there, request, name)
    body = await body_as(request, _BODY)
    wanted = WantedRun(name, body.inputs, body.version, body.environment, idempotency_key(request))
    found = await begun(request, wanted, lambda: requester(who))
    if body.wait and await until_ended(found, LONGEST_WAIT):
        return await run_in_threadpool(_run, found)
    value: Object = {"execution_id": found.id, "status": found.status}
    where = f"/{ROOT}/runs/{found.id}"
    return _json(value, HTTPStatus.ACCEPTED, {"Location": where})


async def begun(request: Request, wanted: WantedRun, who: Callable[[], Any]) -> FoundRun:
    """A run that has begun; a problem for why it has not."""
    runs = context(request).runs
    try:
        return await run_in_threadpool(runs.begin, wanted, who())
    except RegistryError as error:
        raise refusal(error) from None


def refusal(error: RegistryError) -> Exception:
    """Why a run has not begun: wrong inputs are 422, what the person may not 403, what is used up 429."""
    for kind, status, headers in _REFUSALS:
        if isinstance(error, kind):
            return ProblemError(status, error.reason, error.hint, headers=headers)
    return error


_REFUSALS: Final[tuple[tuple[type[RegistryError], HTTPStatus, dict[str, str]], ...]] = (
    (AccessError, HTTPStatus.FORBIDDEN, {}),
    (QuotaError, HTTPStatus.TOO_MANY_REQUESTS, {}),
    (BusyError, HTTPStatus.TOO_MANY_REQUESTS, SOON),
    (NoRunsError, HTTPStatus.NOT_IMPLEMENTED, {}),
    (RunBeganElsewhereError, HTTPStatus.CONFLICT, SOON),
    (ServedNoLongerError, HTTPStatus.CONFLICT, {}),
    (UsageError, HTTPStatus.UNPROCESSABLE_ENTITY, {}),
)


def _found(request: Request) -> FoundRun:
    """The run that the address names, for somebody who may see it."""
    who = principal(request)
    found = context(request).runs.find(request.path_params["id"], requester(who))
    demand(request, RUN, found.run.workflow)
    return found


def get_run(request: Request) -> Response:
    """GET /runs/{id}: its state, and its result once it has ended."""
    query_of(request, ())
    return _run(_found(request))


def cancel_run(request: Request) -> Response:
    """DELETE /runs/{id}: have it end; 204 also where it has."""
    query_of(request, ())
    context(request).runs.cancel(_found(request))
    return Response(None, HTTPStatus.NO_CONTENT)


async def run_events(request: Request) -> Response:
    """GET /runs/{id}/events: what happens, as Server-Sent Events, after the one that `Last-Event-ID` names."""
    query_of(request, ())
    found = await run_in_threadpool(_found, request)
    last = request.headers.get("last-event-id", "") or "0"
    if not (last.isascii() and last.isdecimal() and len(last) < 10):
        raise bad_parameter("Last-Event-ID", "is the id of no event", "send the last one's `id`")
    return StreamingResponse(events(found, int(last)), HTTPStatus.OK, _STREAM, "text/event-stream")


def _run(found: FoundRun) -> Response:
    return _json(found.document(), HTTPStatus.OK, {})


def _json(value: Object, status: HTTPStatus, headers: dict[str, str]) -> Response:
    """In ASCII: a model may give half a character, which has no bytes in UTF-8. Nobody keeps a copy."""
    body = json.dumps(value, allow_nan=False)
    return Response(body, int(status), {**_PRIVATE, **headers}, "application/json")


ROUTES = (
    Route("/workflows/{name:line}/execute", execute, methods=["POST"]),
    Route("/runs/{id}", get_run, methods=["GET"]),
    Route("/runs/{id}", cancel_run, methods=["DELETE"]),
    Route("/runs/{id}/events", run_events, methods=["GET"]),
)
