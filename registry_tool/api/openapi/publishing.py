"""What a live registry answers to who publishes a version, or changes and withdraws what is published."""

from __future__ import annotations

from typing import Final

from registry_tool.api.openapi.parts import (
    IDEMPOTENT,
    MISSING,
    NAME,
    SHORT,
    SIGNED_IN,
    STRING,
    answer,
    body,
    operation,
    path_parameter,
    problems,
    query_parameter,
    ref,
)
from registry_tool.core.values import Object

REFUSED: Final = (
    (400, "The request is wrong in itself; `parameter` names what"),
    *SIGNED_IN,
    (403, "The token, the role or an access list doesn't allow it"),
    (405, "No workflow can have that name"),
    (408, "The body did not come in time"),
    (413, "The body is too large"),
    (415, "The body is of another type"),
    (422, "Refused; `findings` are those of `registry-tool check-pr`"),
    (503, "Too many changes wait; `Retry-After` says when"),
)
"""How every change can be refused."""
_RIVAL: Final = (409, "The version is published with other files")
_WAITS: Final = answer("Waits for a maintainer or a pull request", ref("Published"))
_FILE: Final[Object] = {"type": "string", "contentMediaType": "application/octet-stream"}
_FORM: Final[Object] = {
    "type": "object",
    "properties": {"manifest": _FILE, "package": _FILE},
    "required": ["manifest"],
    "additionalProperties": False,
}
_CREATED: Final[Object] = {
    **answer("Published, or published before with the same files", ref("WorkflowResource")),
    "headers": {"Location": {"schema": STRING}},
}
_PUBLISH: Final = operation(
    "publishVersion",
    "Publish a version",
    [IDEMPOTENT],
    {"201": _CREATED, "202": _WAITS, **problems(*REFUSED, _RIVAL)},
    requestBody=body("multipart/form-data", _FORM),
)
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
        "properties": {"login": STRING, "id": {"type": "integer", "minimum": 1}},
        "required": ["login", "id"],
        "additionalProperties": False,
    },
}
_EDIT: Final[Object] = {
    "type": "object",
    "properties": {
        "owners": _PEOPLE,
        "collaborators": _PEOPLE,
        "deprecated": _NOTICE,
        "notices": {"type": "object", "minProperties": 1, "additionalProperties": _NOTICE},
    },
    "additionalProperties": False,
    "minProperties": 1,
}
_PUT: Final = operation(
    "changeWorkflow",
    "Change who owns a workflow and what is said against it (null takes back), or publish a new version of it",
    [path_parameter("name", NAME), IDEMPOTENT],
    {
        "200": answer("As it is now", ref("WorkflowResource")),
        "201": _CREATED,
        "202": _WAITS,
        **problems(*REFUSED, MISSING, _RIVAL),
    },
    requestBody={
        "required": True,
        "content": {
            "application/json": {"schema": _EDIT},
            "multipart/form-data": {"schema": _FORM},
        },
    },
)
_FLAG: Final[Object] = {"enum": ["true", "false"]}
_DELETE: Final = operation(
    "withdrawWorkflow",
    "Yank a version or the whole workflow; an admin removes it for good with `tombstone=true`",
    [
        path_parameter("name", NAME),
        query_parameter("version", SHORT, "Only this version"),
        query_parameter("reason", SHORT, "Why; a tombstone must say it"),
        query_parameter("replacement", SHORT, "A version, or another workflow's name"),
        query_parameter(
            "without_successor", _FLAG, "Take the latest version away though nothing follows it"
        ),
        query_parameter("tombstone", _FLAG, "Remove its files; the number is never used again"),
    ],
    {
        "202": _WAITS,
        "204": {"description": "No new resolve chooses it; or it is gone"},
        **problems(*REFUSED, MISSING),
    },
)
PATHS: Final[Object] = {
    "/workflows": {"post": _PUBLISH},
    "/workflows/{name}": {"put": _PUT, "delete": _DELETE},
}
SCHEMAS: Final[Object] = {
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
