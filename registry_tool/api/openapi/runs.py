"""What a live registry answers to who runs a workflow."""

from __future__ import annotations

from typing import Final

from registry_tool.api.openapi.parts import (
    BAD,
    IDEMPOTENT,
    MISSING,
    NAME,
    OBJECT,
    SIGNED_IN,
    STRING,
    answer,
    body,
    header_parameter,
    link,
    operation,
    path_parameter,
    problems,
    ref,
)
from registry_tool.core.values import Object, Value

_ENDED: Final[list[Value]] = ["success", "error", "timeout", "cancelled"]
_GOING: Final[list[Value]] = ["queued", "running"]
REFUSED: Final = (
    (400, "The request is wrong in itself; `parameter` names what"),
    *SIGNED_IN,
    (403, "The token, the role or an access list doesn't allow it"),
    MISSING,
    (408, "The body did not come in time"),
    (409, "The same key began a run elsewhere, or with a version that serves no longer"),
    (413, "The body is too large"),
    (415, "The body is of another type"),
    (422, "The inputs are wrong, or the environment serves another version"),
    (429, "Too many requests or runs, or a quota is used up"),
    (501, "This server runs nothing"),
)
"""How a run can be refused."""
_UNSEEN: Final = (
    BAD,
    *SIGNED_IN,
    (403, "The token is not for runs"),
    (404, "There is no such run"),
)
_BEGUN: Final[Object] = {
    operation: link(operation, "The run", id="$response.body#/execution_id")
    for operation in ("getRun", "watchRun", "cancelRun")
}
_EXECUTE: Final = operation(
    "executeWorkflow",
    "Run a workflow",
    [path_parameter("name", NAME), IDEMPOTENT],
    {
        "200": {**answer("The result", ref("Run")), "links": _BEGUN},
        "202": {**answer("It runs", ref("RunStarted")), "links": _BEGUN},
        **problems(*REFUSED, (405, "No workflow can have that name")),
    },
    requestBody=body("application/json", ref("ExecuteRequest")),
)
_ID: Final = path_parameter("id", STRING)
_RUN: Final = operation(
    "getRun",
    "A run: its state, and its result once it has ended",
    [_ID],
    {"200": answer("The run", ref("Run")), **problems(*_UNSEEN)},
)
_CANCEL: Final = operation(
    "cancelRun", "Cancel a run", [_ID], {"204": {"description": "It ends"}, **problems(*_UNSEEN)}
)
_EVENTS: Final = operation(
    "watchRun",
    "What happens in a run, as Server-Sent Events: `data` is a line of the run's log, `id` counts from 1",
    [_ID, header_parameter("Last-Event-ID", {"type": "string", "pattern": "^[0-9]{1,9}$"})],
    {
        "200": answer("Events to the run's end", STRING, "text/event-stream"),
        **problems(*_UNSEEN),
    },
)
PATHS: Final[Object] = {
    "/workflows/{name}/execute": {"post": _EXECUTE},
    "/runs/{id}": {"get": _RUN, "delete": _CANCEL},
    "/runs/{id}/events": {"get": _EVENTS},
}
_COUNT: Final[Object] = {"type": "integer", "minimum": 0}
SCHEMAS: Final[Object] = {
    "ExecuteRequest": {
        "type": "object",
        "properties": {
            "version": {"type": "string", "description": "A version or range; else the latest"},
            "environment": STRING,
            "inputs": OBJECT,
            "wait": {"type": "boolean", "description": "Answer with the result; default true"},
        },
        "required": ["inputs"],
        "additionalProperties": False,
        "examples": [{"inputs": {"who": "Ada"}, "version": "^1"}],
    },
    "RunStarted": {
        "type": "object",
        "properties": {"execution_id": STRING, "status": {"enum": [*_GOING, *_ENDED]}},
        "required": ["execution_id", "status"],
    },
    "Run": {
        "type": "object",
        "description": "What `puppy-cli run --format json` prints; outputs and blocks once it has ended",
        "properties": {
            "execution_id": STRING,
            "status": {"enum": [*_GOING, *_ENDED]},
            "outputs": OBJECT,
            "blocks": OBJECT,
            "usage": {
                "type": "object",
                "properties": {
                    "input_tokens": _COUNT,
                    "output_tokens": _COUNT,
                    "calls": _COUNT,
                    "cost_usd": {"type": ["number", "null"]},
                },
            },
            "seconds": {"type": "number"},
            "error": STRING,
            "answered_by": STRING,
            "instead_of": STRING,
            "notices": {"type": "array", "items": STRING},
        },
        "required": ["execution_id", "status"],
    },
}
