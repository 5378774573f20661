"""What a live registry answers to who deploys."""

from __future__ import annotations

from typing import Final

from registry_tool.api.openapi.parts import (
    IDEMPOTENT,
    MISSING,
    NAME,
    OBJECT,
    SHORT,
    STRING,
    answer,
    body,
    link,
    operation,
    path_parameter,
    problems,
    query_parameter,
    ref,
)
from registry_tool.api.openapi.publishing import REFUSED
from registry_tool.core.values import Object

_NAMED: Final = path_parameter("name", NAME)
_WANTED: Final[Object] = {
    "type": "object",
    "properties": {
        "environment": {"type": "string", "minLength": 1, "maxLength": 64},
        "version": {"type": "string", "description": "A number or a range"},
        "config": {"type": "object", "description": "On top of the environment's"},
        "strategy": OBJECT,
        "override": {"type": "string", "description": "A maintainer's reason"},
    },
    "required": ["environment"],
    "additionalProperties": False,
    "examples": [{"environment": "production", "version": "^1"}],
}
_STARTED: Final[Object] = {
    "getDeployment": link(
        "getDeployment",
        "How far it is",
        name="$request.path.name",
        id="$response.body#/deployment_id",
        environment="$request.body#/environment",
    )
}
_DEPLOY: Final = operation(
    "deployWorkflow",
    "Bring a version into an environment",
    [_NAMED, IDEMPOTENT],
    {
        "202": {
            **answer("It begins; `status_url` says how far it is", ref("DeploymentStarted")),
            "links": _STARTED,
        },
        **problems(*REFUSED, MISSING),
    },
    requestBody=body("application/json", _WANTED),
)
_ID: Final[Object] = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9-]{0,63}$"}
_DEPLOYMENT: Final = operation(
    "getDeployment",
    "How far a deployment is",
    [
        _NAMED,
        path_parameter("id", _ID),
        query_parameter("environment", SHORT, "Where it deploys to", required=True),
    ],
    {
        "200": answer("Its stages, and whether it serves", ref("DeploymentStatus")),
        **problems(*REFUSED, MISSING),
    },
)
PATHS: Final[Object] = {
    "/workflows/{name}/deploy": {"post": _DEPLOY},
    "/workflows/{name}/deployments/{id}": {"get": _DEPLOYMENT},
}
SCHEMAS: Final[Object] = {
    "DeploymentStarted": {
        "type": "object",
        "properties": {
            "deployment_id": STRING,
            "status": {"const": "pending"},
            "status_url": STRING,
        },
        "required": ["deployment_id", "status", "status_url"],
    },
    "DeploymentStatus": {
        "type": "object",
        "properties": {
            "deployment_id": STRING,
            "workflow": STRING,
            "environment": STRING,
            "status": {
                "enum": [
                    *("pending", "progressing", "paused", "inconclusive", "awaiting-approval"),
                    *("serving", "failed", "ended"),
                ]
            },
            "reason": STRING,
            "stages": {"type": "array", "items": OBJECT},
        },
        "required": ["deployment_id", "workflow", "environment", "status", "stages"],
    },
}
