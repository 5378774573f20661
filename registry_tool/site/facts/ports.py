"""Inputs and outputs, as a form would show them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from registry_tool.core.values import Frozen, Value
from registry_tool.manifest.model import Port
from registry_tool.site.contexts import Context


def port(port_: Port, example: Value = None) -> Context:
    """One input or output; `example` is what the first test gives it."""
    return {
        "name": port_.name,
        "type": port_.type,
        "description": port_.description,
        "required": port_.required,
        "personal": port_.pii,
        "default": _json(port_.default) if port_.has_default else None,
        "enum": [_json(item) for item in port_.enum],
        "shape": list(_shape(port_.schema)),
        "example": plain(example) if example is not None else "",
        "example_json": _json(example),
    }


def plain(value: Value) -> str:
    """A string as it is, anything else as JSON."""
    return value if isinstance(value, str) else _json(value)


def pretty(value: Value) -> str:
    """A string as it is, anything else as indented JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def _json(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)


def _shape(schema: Frozen, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(name, type in words) of what an object, or each item of a list, holds."""
    items = schema.get("items")
    if isinstance(items, dict):
        inner = list(_shape(items, f"{prefix}[]."))
        yield from inner or [(f"{prefix}[]", _words(items))]
    properties = schema.get("properties")
    for name, below in properties.items() if isinstance(properties, dict) else ():
        if isinstance(below, dict):
            yield f"{prefix}{name}", _words(below)


def _words(schema: Frozen) -> str:
    enum, low, high = schema.get("enum"), schema.get("minimum"), schema.get("maximum")
    if isinstance(enum, list):
        return " | ".join(_json(item) for item in enum)
    kind = str(schema.get("type", "any"))
    if low is not None and high is not None:
        return f"{kind}, {plain(low)} … {plain(high)}"
    return f"{kind} ≥ {plain(low)}" if low is not None else kind
