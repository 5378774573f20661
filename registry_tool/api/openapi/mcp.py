"""What a live registry answers to agents: https://modelcontextprotocol.io/specification, over streamable HTTP."""

from __future__ import annotations

from typing import Final

from registry_tool.api.openapi.parts import (
    OBJECT,
    SHORT,
    STRING,
    body,
    header_parameter,
    open_operation,
)
from registry_tool.core.values import Object

_SESSION: Final = header_parameter("Mcp-Session-Id", SHORT)
_VERSION: Final = header_parameter(
    "MCP-Protocol-Version", {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
)
_NEEDED: Final[Object] = {**_SESSION, "required": True}
_REFUSED: Final[Object] = {
    status: {"description": about}
    for status, about in (
        ("400", "The message, its session or its version is wrong, as a JSON-RPC error"),
        ("401", "A token was sent along that doesn't count, or this registry is private"),
        ("403", "A page of another site may not ask"),
        ("404", "There is no such session"),
        ("405", "This server has no such session or stream"),
        ("406", "`Accept` must name application/json and text/event-stream"),
        ("408", "The body did not come in time"),
        ("409", "The session has a stream already"),
        ("413", "The body is too large"),
        ("415", "The body is of another type"),
        ("421", "The request was sent to another name than the registry's"),
        ("429", "Too many requests; `Retry-After` says when"),
        ("501", "This server has no MCP"),
        ("503", "Too many sessions are open"),
    )
}
_MESSAGE: Final[Object] = {
    "type": "object",
    "properties": {
        "jsonrpc": {"const": "2.0"},
        "id": {"type": ["string", "integer"]},
        "method": STRING,
        "params": OBJECT,
        "result": OBJECT,
        "error": OBJECT,
    },
    "required": ["jsonrpc"],
}
_STREAM: Final[Object] = {"text/event-stream": {"schema": STRING}}
_POST: Final = open_operation(
    "sendMessage",
    "Send a message of the Model Context Protocol; a tool's call takes a token",
    [_SESSION, _VERSION],
    {
        "200": {
            "description": "The answer, alone or in a stream",
            "content": {"application/json": {"schema": _MESSAGE}, **_STREAM},
        },
        "202": {"description": "A notification or an answer was taken"},
        **_REFUSED,
    },
    requestBody=body("application/json", _MESSAGE),
)
_GET: Final = open_operation(
    "hearMessages",
    "Hear what the server says by itself in a session",
    [_NEEDED, _VERSION],
    {"200": {"description": "Messages as they come", "content": _STREAM}, **_REFUSED},
)
_DELETE: Final = open_operation(
    "endSession",
    "End a session",
    [_NEEDED, _VERSION],
    {"200": {"description": "It has ended"}, **_REFUSED},
)
PATHS: Final[Object] = {"/mcp": {"post": _POST, "get": _GET, "delete": _DELETE}}
