"""Deploying over HTTP: asked for, and looked at."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from registry_tool.api.layout import ROOT
from registry_tool.commands.deploy.access import DeployerError
from registry_tool.commands.live.deployments import (
    DeploymentRefusedError,
    TooManyDeploymentsError,
    WantedDeployment,
)
from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Object
from registry_tool.security.tokens.principal import DEPLOY
from registry_tool.server.authorisation import demand, demand_there, view
from registry_tool.server.bodies import body_as
from registry_tool.server.changing import idempotency_key
from registry_tool.server.context import context
from registry_tool.server.parameters import query_of
from registry_tool.server.problems import ProblemError, bad_parameter
from registry_tool.server.responses import encoded

_PRIVATE: Final = {"Cache-Control": "no-store"}


class _DeployBody(Stored, frozen=True):
    environment: str
    version: str = ""
    config: dict[str, Any] = msgspec.field(default_factory=dict)
    strategy: dict[str, Any] = msgspec.field(default_factory=dict)
    override: str = ""


_BODY: Final = FileFormat[_DeployBody](
    _DeployBody, "request", hint='send {"environment": "…"}, and `version`, `config`, `strategy`'
)


async def deploy(request: Request) -> Response:
    """POST /workflows/{name}/deploy: 202 with the deployment's id and where it is looked at."""
    query_of(request, ())
    name = request.path_params["name"]
    await run_in_threadpool(demand, request, DEPLOY, name)
    key = idempotency_key(request)
    body = await body_as(request, _BODY)
    wanted = WantedDeployment(
        name, body.environment, body.version, body.config, body.strategy, body.override, key
    )
    return await run_in_threadpool(_started, request, wanted)


def _started(request: Request, wanted: WantedDeployment) -> Response:
    who, shared = demand(request, DEPLOY, wanted.workflow), context(request)
    view(request).resource(wanted.workflow, wanted.version)  # 404 for what isn't there
    try:
        made = shared.deployments.start(who, wanted)
    except RegistryError as error:
        raise _refusal(error) from None
    path = f"/{ROOT}/workflows/{wanted.workflow}/deployments/{made}"
    where = f"{path}?{urlencode({'environment': wanted.environment})}"
    shared.note(
        who,
        "deploy",
        {
            "workflow": wanted.workflow,
            "environment": wanted.environment,
            "deployment": made,
            "version": wanted.version or "latest",
        },
    )
    value: Object = {"deployment_id": made, "status": "pending", "status_url": where}
    headers = {**_PRIVATE, "Location": where}
    return Response(encoded(value), HTTPStatus.ACCEPTED, headers, "application/json")


_REFUSALS: Final[tuple[tuple[type[RegistryError], HTTPStatus], ...]] = (
    (DeployerError, HTTPStatus.FORBIDDEN),
    (DeploymentRefusedError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (UsageError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (TooManyDeploymentsError, HTTPStatus.SERVICE_UNAVAILABLE),
)


def _refusal(error: RegistryError) -> Exception:
    for kind, status in _REFUSALS:
        if isinstance(error, kind):
            headers = {"Retry-After": "30"} if status is HTTPStatus.SERVICE_UNAVAILABLE else {}
            return ProblemError(status, error.reason, error.hint, headers=headers)
    return error


def deployment(request: Request) -> Response:
    """GET /workflows/{name}/deployments/{id}: its stages, and whether it serves."""
    found = query_of(request, ("environment",)).get("environment")
    if not found:
        raise bad_parameter("environment", "is missing")
    name, made = request.path_params["name"], request.path_params["id"]
    demand(request, DEPLOY, name)
    demand_there(request, name)
    value = context(request).deployments.status(name, found[0], made)
    return Response(encoded(value), HTTPStatus.OK, _PRIVATE, "application/json")


ROUTES = (
    Route("/workflows/{name:line}/deploy", deploy, methods=["POST"]),
    Route("/workflows/{name:line}/deployments/{id}", deployment, methods=["GET"]),
)
