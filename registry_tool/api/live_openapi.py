"""The OpenAPI description of a live registry: what a static one serves, and the operations that change or run.

A static registry's `openapi.json` has none of these; `index.json` of a live one says `"live": true`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from registry_tool.api import changing as writing
from registry_tool.api import live_reading as reading
from registry_tool.api.changing import merged
from registry_tool.api.openapi import openapi
from registry_tool.core.values import Object, Value

_STRING: Object = {"type": "string"}
_OBJECT: Object = {"type": "object"}
_ENDED: list[Value] = ["success", "error", "timeout", "cancelled"]
_GOING: list[Value] = ["queued", "running"]


def _ref(name: str) -> Object:
    return {"$ref": f"#/components/schemas/{name}"}


_COUNT: Object = {"type": "integer", "minimum": 0}
_SCHEMAS: Object = {
    "ExecuteRequest": {
        "type": "object",
        "properties": {
            "version": {"type": "string", "description": "A version or range; else the latest"},
            "environment": _STRING,
            "inputs": _OBJECT,
            "wait": {"type": "boolean", "description": "Answer with the result; default true"},
        },
        "required": ["inputs"],
        "additionalProperties": False,
    },
    "RunStarted": {
        "type": "object",
        "properties": {"execution_id": _STRING, "status": {"enum": _GOING}},
        "required": ["execution_id", "status"],
    },
    "Run": {
        "type": "object",
        "description": "What `puppy-cli run --format json` prints; outputs and blocks once it has ended",
        "properties": {
            "execution_id": _STRING,
            "status": {"enum": [*_GOING, *_ENDED]},
            "outputs": _OBJECT,
            "blocks": _OBJECT,
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
            "error": _STRING,
            "answered_by": _STRING,
            "instead_of": _STRING,
            "notices": {"type": "array", "items": _STRING},
        },
        "required": ["execution_id", "status"],
    },
    "Finding": {
        "type": "object",
        "properties": {
            "rule": _STRING,
            "severity": {"enum": ["error", "hold", "warning", "info"]},
            "path": _STRING,
            "line": {"type": "integer"},
            "column": {"type": "integer"},
            "message": _STRING,
            "help": _STRING,
        },
        "required": ["rule", "severity", "path", "message"],
    },
    "Problem": {
        "type": "object",
        "description": "RFC 9457",
        "properties": {
            "type": _STRING,
            "title": _STRING,
            "status": {"type": "integer"},
            "detail": _STRING,
            "instance": _STRING,
            "request_id": _STRING,
            "help": {"type": "string", "description": "The way out"},
            "parameter": {"type": "string", "description": "Which one of a query is wrong"},
            "findings": {"type": "array", "items": _ref("Finding")},
        },
        "required": ["title", "status"],
    },
}


def _answer(description: str, schema: Object, kind: str = "application/json") -> Object:
    return {"description": description, "content": {kind: {"schema": schema}}}


def _problems(*statuses: str) -> Object:
    return {s: _answer("Refused", _ref("Problem"), "application/problem+json") for s in statuses}


def _in_path(name: str) -> Object:
    return {"name": name, "in": "path", "required": True, "schema": _STRING}


_IDEMPOTENT: Object = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": _STRING,
    "description": "The same key again gives the first answer, and does nothing a second time",
}


def _operation(summary: str, parameters: list[Value], responses: Object, **more: Value) -> Object:
    security: list[Value] = [{"bearerAuth": []}]
    return {
        "summary": summary,
        "parameters": parameters,
        "security": security,
        "responses": responses,
        **more,
    }


def _body(kind: str, schema: Object) -> Object:
    return {"required": True, "content": {kind: {"schema": schema}}}


_RUN_PATH: list[Value] = [_in_path("id")]
_PATHS: Object = {
    "/workflows/{name}/execute": {
        "post": _operation(
            "Run a workflow",
            [_in_path("name"), _IDEMPOTENT],
            {
                "200": _answer("The result", _ref("Run")),
                "202": _answer("It runs", _ref("RunStarted")),
                **_problems("400", "401", "403", "404", "409", "413", "415", "422", "429"),
            },
            requestBody=_body("application/json", _ref("ExecuteRequest")),
        )
    },
    "/runs/{id}": {
        "get": _operation(
            "A run: its state, and its result once it has ended",
            _RUN_PATH,
            {"200": _answer("The run", _ref("Run")), **_problems("400", "401", "403", "404")},
        ),
        "delete": _operation(
            "Cancel a run",
            _RUN_PATH,
            {"204": {"description": "It ends"}, **_problems("400", "401", "403", "404")},
        ),
    },
    "/runs/{id}/events": {
        "get": _operation(
            "What happens in a run, as Server-Sent Events: `data` is a line of the run's log, `id` counts from 1",
            [
                *_RUN_PATH,
                {"name": "Last-Event-ID", "in": "header", "required": False, "schema": _STRING},
            ],
            {
                "200": _answer("Events to the run's end", _STRING, "text/event-stream"),
                **_problems("400", "401", "403", "404"),
            },
        )
    },
}


Answered = Callable[[str, str], bool]
"""Whether a server answers a method (`get`) of a path of the document."""


def live_openapi(url: str, answered: Answered = lambda path, method: True) -> Object:
    """The document for a live registry served at `url` (empty: relative); only what it answers is described."""
    static = openapi(url)
    components = cast(Object, static["components"])
    documents = {path: _or_missing(item) for path, item in cast(Object, static["paths"]).items()}
    return {
        **static,
        "paths": {**documents, **_answered(merged(reading.PATHS, _PATHS, writing.PATHS), answered)},
        "components": {
            "schemas": {**cast(Object, components["schemas"]), **_SCHEMAS, **writing.SCHEMAS},
            "securitySchemes": {"bearerAuth": {"type": "http", "scheme": "bearer"}},
        },
    }


def _or_missing(item: Value) -> Object:
    """A static document as a server answers it: a problem where there is none."""
    get = cast(Object, cast(Object, item)["get"])
    responses = {**cast(Object, get["responses"]), **_problems("404")}
    return {"get": {**get, "responses": responses}}


def _answered(paths: Object, answered: Answered) -> Object:
    found = {
        path: {m: told for m, told in cast(Object, item).items() if answered(path, m)}
        for path, item in paths.items()
    }
    return {path: item for path, item in found.items() if item}
