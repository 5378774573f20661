"""`modify`: copies, edits or converts content without asking anyone.

Config: `modify_type`, `content` (template; default: the first source), and by type
- `copy`
- `convert2text`: lists and objects become JSON text
- `edit_text`: `slice` [from, to] (-1: to the end), `sort_type` (ascending, descending: the characters)
- `convert2structured`: see `text/to_structured.py`
- `edit_structured`: `operations` [{type, params}], see `text/list_operations.py`; `params.value` is a template
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.config import options
from registry_tool.engine.edges.text import list_operations as structured_operations
from registry_tool.engine.edges.text.to_structured import text_to_structured
from registry_tool.manifest.template import as_text, expand, render


class ModifyEdge:
    """Copy, edit or convert."""

    type = "modify"

    async def run(self, call: EdgeCall, services: Services) -> dict[str, Value]:
        """The modified content for every target."""
        kind = str(call.config.get("modify_type") or "copy")
        if kind not in _KINDS:
            raise EdgeError(
                f"there is no modify_type {kind!r}",
                place="config.modify_type",
                way_out=f"use one of {', '.join(_KINDS)}",
            )
        return call.to_all(_KINDS[kind](call, options(call)))


def _content(call: EdgeCall) -> Value:
    if "content" in call.config:
        return expand(call.config["content"], call.scope)
    return call.inputs[call.edge.sources[0]]


def _copy(call: EdgeCall, _: Object) -> Value:
    return _content(call)


def _to_text(call: EdgeCall, _: Object) -> Value:
    content = _content(call)
    return json.dumps(content) if isinstance(content, list | dict) else as_text(content)


def _edit_text(call: EdgeCall, config: Object) -> Value:
    template = call.config.get("content")
    text = render(template, call.scope) if isinstance(template, str) else as_text(_content(call))
    start, end = _slice(config)
    text = text[start : None if end == -1 else end]
    order = config.get("sort_type")
    if order in ("ascending", "descending"):
        return "".join(sorted(text, reverse=order == "descending"))
    return text


def _slice(config: Object) -> tuple[int, int]:
    value = config.get("slice") or [0, -1]
    if (
        not isinstance(value, list)
        or len(value) != 2
        or not all(isinstance(end, int) for end in value)
    ):
        raise EdgeError("slice must be [from, to]", place="config.slice")
    return cast(tuple[int, int], tuple(value))


def _to_structured(call: EdgeCall, config: Object) -> Value:
    return text_to_structured(_content(call), config)


def _edit_structured(call: EdgeCall, config: Object) -> Value:
    given = config.get("operations") or []
    if not isinstance(given, list):
        raise EdgeError("operations is a list of {type, params}", place="config.operations")
    operations = [
        _expanded(operation, call) if isinstance(operation, dict) else operation
        for operation in given
    ]
    return structured_operations.apply(_content(call), operations)


def _expanded(operation: Object, call: EdgeCall) -> Object:
    params = operation.get("params")
    if not isinstance(params, dict):
        return operation
    filled = {
        key: expand(value, call.scope) if key.startswith("value") else value
        for key, value in params.items()
    }
    return {**operation, "params": filled}


_KINDS: dict[str, Callable[[EdgeCall, Object], Value]] = {
    "copy": _copy,
    "convert2text": _to_text,
    "edit_text": _edit_text,
    "convert2structured": _to_structured,
    "edit_structured": _edit_structured,
}
