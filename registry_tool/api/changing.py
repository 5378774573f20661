"""What a live registry answers to who publishes, changes, withdraws and deploys; for its OpenAPI description."""

from __future__ import annotations

from typing import Final, cast

from registry_tool.api.live_reading import NAME, path_parameter, problems
from registry_tool.core.values import Object, Value

_SIGNED_IN: Final = ((401, "Takes a token; or it is unknown, expired, revoked"),)
_REFUSED: Final = (
    (400, "The request is wrong in itself; `parameter` names what"),
    *_SIGNED_IN,
    (403, "The token, the role or an access list doesn't allow it"),
    (405, "No workflow can have that name"),
    (408, "The body did not come in time"),
    (413, "The body is too large"),
    (415, "The body is of another type"),
    (422, "Refused; `findings` are those of `registry-tool check-pr`"),
    (429, "Too many requests; `Retry-After` says when"),
    (503, "Too many changes wait; `Retry-After` says when"),
)
_KEY: Final[Object] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "description": "The same key is only for the same request; what was done already is not done again",
}


def _ref(name: str) -> Object:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(description: str, schema: Object) -> Object:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _operation(summary: str, parameters: list[Value], responses: Object, **more: Value) -> Object:
    security: list[Value] = [{"bearerAuth": []}]
    return {
        "summary": summary,
        "tags": ["live"],
        "parameters": parameters,
        "security": security,
        "responses": responses,
        **more,
    }


_WAITS: Final = _json("Waits for a maintainer or a pull request", _ref("Published"))
_FILE: Final[Object] = {"type": "string", "contentMediaType": "application/octet-stream"}
_POSTED: Final[Object] = {
    "type": "object",
    "properties": {"manifest": _FILE, "package": _FILE},
    "required": ["manifest"],
    "additionalProperties": False,
}
_CREATED: Final[Object] = {
    **_json("Published, or published before with the same files", _ref("WorkflowResource")),
    "headers": {"Location": {"schema": {"type": "string"}}},
}
_PUBLISH: Final = _operation(
    "Publish a version",
    [_KEY],
    {
        "201": _CREATED,
        "202": _WAITS,
        **problems(*_REFUSED, (409, "The version is published with other files")),
    },
    requestBody={
        "required": True,
        "content": {"multipart/form-data": {"schema": _POSTED}},
    },
)

_FORM: Final = "application/x-www-form-urlencoded"
_NO_GRANT: Final = (
    (400, "The form is wrong, or the token in it doesn't count (`error` is `invalid_grant`)"),
    (401, "A token was sent along that doesn't count"),
    (408, "The body did not come in time"),
    (413, "The body is too large"),
    (415, "The body is of another type"),
    (429, "Too many requests; `Retry-After` says when"),
    (502, "Who issued the token can't be asked"),
    (503, "The registry's key isn't there"),
)


def _open(summary: str, responses: Object, **more: Value) -> Object:
    """An operation that takes no token."""
    no_security: list[Value] = []
    return {**_operation(summary, [], responses, **more), "security": no_security}


def _form(required: list[Value], *names: str) -> Object:
    needed: Object = {"type": "string", "minLength": 1}
    optional: Object = {"type": "string"}
    fields: Object = {
        **dict.fromkeys(names, optional),
        **dict.fromkeys(map(str, required), needed),
    }
    schema: Object = {"type": "object", "properties": fields, "required": required}
    return {"required": True, "content": {_FORM: {"schema": schema}}}


_AUTH: Final[Object] = {
    "/auth/token": {
        "post": _open(
            "Tokens for a provider's identity token (RFC 8693) or for a refresh token (RFC 6749)",
            {"200": _json("Tokens", _ref("Tokens")), **problems(*_NO_GRANT)},
            requestBody=_form(
                ["grant_type"], "subject_token", "subject_token_type", "refresh_token"
            ),
        )
    },
    "/auth/revoke": {
        "post": _open(
            "End the session or the key of a token (RFC 7009)",
            {"200": {"description": "It counts no longer"}, **problems(*_NO_GRANT)},
            requestBody=_form(["token"], "token_type_hint"),
        )
    },
    "/auth/providers": {
        "get": _open(
            "By whom people and jobs are known here",
            {
                "200": _json("Providers", {"type": "object"}),
                "304": {"description": "`If-None-Match` names what there is"},
                **problems((400, "A parameter is wrong")),
            },
        )
    },
    "/auth/whoami": {
        "get": _open(
            "Whom the token stands for",
            {
                "200": _json("Somebody, or nobody", {"type": "object"}),
                **problems((400, "A parameter is wrong"), *_SIGNED_IN),
            },
        )
    },
}
_NAMED: Final = path_parameter("name", NAME)
_MISSING: Final = (404, "There is no such workflow or version")
_TEXT: Final[Object] = {"type": "string", "minLength": 1, "maxLength": 200}
_FLAG: Final[Object] = {"enum": ["true", "false"]}


def _query(name: str, schema: Object, about: str) -> Object:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": about}


_NOTICE: Final[Object] = {
    "type": ["object", "null"],
    "properties": {
        "reason": {"type": "string", "minLength": 1, "maxLength": 1024},
        "level": {"enum": ["notice", "warn", "block"]},
        "replacement": {"type": "string", "maxLength": 64},
        "without_successor": {"type": "boolean"},
    },
    "required": ["reason"],
    "additionalProperties": False,
}
_PEOPLE: Final[Object] = {
    "type": ["array", "null"],
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {"login": {"type": "string"}, "id": {"type": "integer", "minimum": 1}},
        "required": ["login", "id"],
        "additionalProperties": False,
    },
}
_PUT: Final = _operation(
    "Change who owns a workflow and what is said against it (null takes back), or publish a new version of it",
    [_NAMED, _KEY],
    {
        "200": _json("As it is now", _ref("WorkflowResource")),
        "201": _CREATED,
        "202": _WAITS,
        **problems(*_REFUSED, _MISSING, (409, "The version is published with other files")),
    },
    requestBody={
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "owners": _PEOPLE,
                        "collaborators": _PEOPLE,
                        "deprecated": _NOTICE,
                        "notices": {"type": "object", "additionalProperties": _NOTICE},
                    },
                    "additionalProperties": False,
                    "minProperties": 1,
                }
            },
            "multipart/form-data": {"schema": _POSTED},
        },
    },
)
_DELETE: Final = _operation(
    "Yank a version or the whole workflow; an admin removes it for good with `tombstone=true`",
    [
        _NAMED,
        _query("version", _TEXT, "Only this version"),
        _query("reason", _TEXT, "Why; a tombstone must say it"),
        _query("replacement", _TEXT, "A version, or another workflow's name"),
        _query(
            "without_successor", _FLAG, "Take the latest version away though nothing follows it"
        ),
        _query("tombstone", _FLAG, "Remove its files; the number is never used again"),
    ],
    {
        "202": _WAITS,
        "204": {"description": "No new resolve chooses it; or it is gone"},
        **problems(*_REFUSED, _MISSING),
    },
)
_DEPLOY: Final = _operation(
    "Bring a version into an environment",
    [_NAMED, _KEY],
    {
        "202": _json("It begins; `status_url` says how far it is", _ref("DeploymentStarted")),
        **problems(*_REFUSED, _MISSING),
    },
    requestBody={
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "environment": {"type": "string", "minLength": 1, "maxLength": 64},
                        "version": {"type": "string", "description": "A number or a range"},
                        "config": {"type": "object", "description": "On top of the environment's"},
                        "strategy": {"type": "object"},
                        "override": {"type": "string", "description": "A maintainer's reason"},
                    },
                    "required": ["environment"],
                    "additionalProperties": False,
                }
            }
        },
    },
)
_DEPLOYMENT: Final = _operation(
    "How far a deployment is",
    [
        _NAMED,
        path_parameter("id", {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9-]{0,63}$"}),
        {"name": "environment", "in": "query", "required": True, "schema": _TEXT},
    ],
    {
        "200": _json("Its stages, and whether it serves", _ref("DeploymentStatus")),
        **problems(*_REFUSED, _MISSING),
    },
)
PATHS: Final[Object] = {
    "/workflows": {"post": _PUBLISH},
    "/workflows/{name}": {"put": _PUT, "delete": _DELETE},
    "/workflows/{name}/deploy": {"post": _DEPLOY},
    "/workflows/{name}/deployments/{id}": {"get": _DEPLOYMENT},
    **_AUTH,
}
SCHEMAS: Final[Object] = {
    "DeploymentStarted": {
        "type": "object",
        "properties": {
            "deployment_id": {"type": "string"},
            "status": {"const": "pending"},
            "status_url": {"type": "string"},
        },
        "required": ["deployment_id", "status", "status_url"],
    },
    "DeploymentStatus": {
        "type": "object",
        "properties": {
            "deployment_id": {"type": "string"},
            "workflow": {"type": "string"},
            "environment": {"type": "string"},
            "status": {
                "enum": [
                    *("pending", "progressing", "paused", "inconclusive", "awaiting-approval"),
                    *("serving", "failed", "ended"),
                ]
            },
            "reason": {"type": "string"},
            "stages": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["deployment_id", "workflow", "environment", "status", "stages"],
    },
    "Tokens": {
        "type": "object",
        "properties": {
            "access_token": {"type": "string"},
            "token_type": {"const": "Bearer"},
            "expires_in": {"type": "integer"},
            "scope": {"type": "string"},
            "refresh_token": {"type": "string"},
            "issued_token_type": {"type": "string"},
        },
        "required": ["access_token", "token_type", "expires_in", "scope"],
    },
    "Published": {
        "type": "object",
        "properties": {
            "held": {"type": "string", "description": "What it waits for"},
            "branch": {"type": "string", "description": "The branch that holds it until then"},
            "pull_request": {"type": "string", "description": "Its address, where one was opened"},
        },
        "required": ["held", "branch"],
    },
}


def merged(*all_paths: Object) -> Object:
    """The paths of several parts of the description, with all operations of each."""
    found: dict[str, Object] = {}
    for some in all_paths:
        for path, item in some.items():
            found[path] = {**found.get(path, {}), **cast(Object, item)}
    return dict(found.items())
