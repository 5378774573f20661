"""What a live registry answers to who publishes, changes, withdraws and deploys; for its OpenAPI description."""

from __future__ import annotations

from typing import Final, cast

from registry_tool.api.live_reading import problems
from registry_tool.core.values import Object, Value

_SIGNED_IN: Final = ((401, "Takes a token; or it is unknown, expired, revoked"),)
_REFUSED: Final = (
    (400, "The request is wrong in itself; `parameter` names what"),
    *_SIGNED_IN,
    (403, "The token, the role or an access list doesn't allow it"),
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
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"manifest": _FILE, "package": _FILE},
                    "required": ["manifest"],
                    "additionalProperties": False,
                }
            }
        },
    },
)

PATHS: Final[Object] = {"/workflows": {"post": _PUBLISH}}
SCHEMAS: Final[Object] = {
    "Published": {
        "type": "object",
        "properties": {
            "held": {"type": "string", "description": "What it waits for"},
            "branch": {"type": "string", "description": "The branch that holds it until then"},
            "pull_request": {"type": "string", "description": "Its address, where one was opened"},
        },
        "required": ["held", "branch"],
    }
}


def merged(*all_paths: Object) -> Object:
    """The paths of several parts of the description, with all operations of each."""
    found: dict[str, Object] = {}
    for some in all_paths:
        for path, item in some.items():
            found[path] = {**found.get(path, {}), **cast(Object, item)}
    return dict(found.items())
