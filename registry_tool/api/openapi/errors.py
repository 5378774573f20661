"""Errors of a live registry: problems (RFC 9457), and the findings of rules in them."""

from __future__ import annotations

from typing import Final

from registry_tool.api.openapi.parts import STRING, ref
from registry_tool.core.values import Object

SCHEMAS: Final[Object] = {
    "Finding": {
        "type": "object",
        "properties": {
            "rule": STRING,
            "severity": {"enum": ["error", "hold", "warning", "info"]},
            "path": STRING,
            "line": {"type": "integer"},
            "column": {"type": "integer"},
            "message": STRING,
            "help": STRING,
        },
        "required": ["rule", "severity", "path", "message"],
    },
    "Problem": {
        "type": "object",
        "description": "RFC 9457",
        "properties": {
            "type": STRING,
            "title": STRING,
            "status": {"type": "integer"},
            "detail": STRING,
            "instance": STRING,
            "request_id": STRING,
            "help": {"type": "string", "description": "The fix"},
            "parameter": {"type": "string", "description": "Which one of a query is wrong"},
            "findings": {"type": "array", "items": ref("Finding")},
        },
        "required": ["title", "status"],
    },
}
