"""What the parts of the description are made of: schemas, parameters, answers and operations."""

from __future__ import annotations

from typing import Final, cast

from registry_tool.core.values import Object, Value

STRING: Final[Object] = {"type": "string"}
OBJECT: Final[Object] = {"type": "object"}
NAME: Final[Object] = {
    "type": "string",
    "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
    "maxLength": 64,
    "examples": ["hello"],
}
SHORT: Final[Object] = {"type": "string", "minLength": 1, "maxLength": 200}
LIVE: Final = "live"
"""The tag of what a live registry alone answers."""
UNCHANGED: Final[Object] = {"304": {"description": "`If-None-Match` names what there is"}}
SIGNED_IN: Final = ((401, "Takes a token; or it is unknown, expired, revoked"),)
BAD: Final = (400, "A parameter is wrong; `parameter` names it")
TOO_MANY: Final = (429, "Too many requests; `Retry-After` says when")
MISSING: Final = (404, "There is no such workflow or version")
IDEMPOTENT: Final[Object] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "description": "The same key is only for the same request; what was done already is not done again",
}


def ref(name: str) -> Object:
    """A schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def answer(description: str, schema: Object, kind: str = "application/json") -> Object:
    """A response with a body."""
    return {"description": description, "content": {kind: {"schema": schema}}}


def problems(*statuses: tuple[int, str]) -> Object:
    """Responses that are problems (RFC 9457), by status; too many requests may be answered to any."""
    return {
        str(status): answer(about, ref("Problem"), "application/problem+json")
        for status, about in (TOO_MANY, *statuses)
    }


def path_parameter(name: str, schema: Object) -> Object:
    """A parameter in an address."""
    return {"name": name, "in": "path", "required": True, "schema": schema}


def query_parameter(name: str, schema: Object, about: str, *, required: bool = False) -> Object:
    """A parameter in a query."""
    return {
        "name": name,
        "in": "query",
        "required": required,
        "schema": schema,
        "description": about,
    }


def header_parameter(name: str, schema: Object) -> Object:
    """A header that may be sent."""
    return {"name": name, "in": "header", "required": False, "schema": schema}


def body(kind: str, schema: Object) -> Object:
    """A request's body, which must be there."""
    return {"required": True, "content": {kind: {"schema": schema}}}


def open_operation(
    name: str, summary: str, parameters: list[Value], responses: Object, **more: Value
) -> Object:
    """An operation of a live registry, by a name that no other has; in a public one it takes no token."""
    tags: list[Value] = [LIVE]
    return {
        "operationId": name,
        "summary": summary,
        "tags": tags,
        "parameters": parameters,
        "responses": responses,
        **more,
    }


def operation(
    name: str, summary: str, parameters: list[Value], responses: Object, **more: Value
) -> Object:
    """An operation of a live registry for somebody who has signed in."""
    security: list[Value] = [{"bearerAuth": []}]
    return open_operation(name, summary, parameters, responses, security=security, **more)


def link(operation: str, about: str, **parameters: str) -> Object:
    """Where an answer leads: another operation, and what of the answer its parameters are."""
    return {"operationId": operation, "parameters": {**parameters}, "description": about}


def merged(*all_paths: Object) -> Object:
    """The paths of several parts of the description, with all operations of each."""
    found: dict[str, Object] = {}
    for some in all_paths:
        for path, item in some.items():
            found[path] = {**found.get(path, {}), **cast(Object, item)}
    return dict(found.items())
