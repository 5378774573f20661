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
from dataclasses import dataclass, replace
from typing import Literal

from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.engine.edges.config import UNSET, EdgeConfig, Unset
from registry_tool.engine.edges.text.list_operations import ListOperation, apply
from registry_tool.engine.edges.text.to_structured import ConversionConfig, text_to_structured
from registry_tool.manifest.template import as_text, expand, render


@dataclass(frozen=True, kw_only=True)
class ModifyConfig(EdgeConfig, ConversionConfig):
    """What is done, and what it is done with; `content` unset: the first source."""

    modify_type: Literal[
        "copy", "convert2text", "edit_text", "convert2structured", "edit_structured"
    ] = "copy"
    content: Value | Unset = UNSET
    slice: tuple[int, ...] = (0, -1)
    sort_type: Literal["ascending", "descending", "/", ""] = "/"
    operations: tuple[ListOperation, ...] = ()


class ModifyEdge:
    """Copy, edit or convert."""

    type = "modify"
    config = ModifyConfig

    async def run(
        self, call: EdgeCall, config: ModifyConfig, services: Services
    ) -> dict[str, Value]:
        """The modified content for every target."""
        return call.to_all(_KINDS[config.modify_type](call, config))


def _content(call: EdgeCall, config: ModifyConfig) -> Value:
    if isinstance(config.content, Unset):
        return call.inputs[call.edge.sources[0]]
    return expand(config.content, call.scope)


def _copy(call: EdgeCall, config: ModifyConfig) -> Value:
    return _content(call, config)


def _to_text(call: EdgeCall, config: ModifyConfig) -> Value:
    content = _content(call, config)
    return json.dumps(content) if isinstance(content, list | dict) else as_text(content)


def _edit_text(call: EdgeCall, config: ModifyConfig) -> Value:
    template = config.content
    text = (
        render(template, call.scope)
        if isinstance(template, str)
        else as_text(_content(call, config))
    )
    start, end = config.slice
    text = text[start : None if end == -1 else end]
    if config.sort_type in {"ascending", "descending"}:
        return "".join(sorted(text, reverse=config.sort_type == "descending"))
    return text


def _to_structured(call: EdgeCall, config: ModifyConfig) -> Value:
    return text_to_structured(_content(call, config), config)


def _edit_structured(call: EdgeCall, config: ModifyConfig) -> Value:
    operations = [_expanded(operation, call) for operation in config.operations]
    return apply(_content(call, config), operations)


def _expanded(operation: ListOperation, call: EdgeCall) -> ListOperation:
    """The operation with its values' templates filled in."""
    params = operation.params
    value, one, other = (
        expand(template, call.scope) for template in (params.value, params.value1, params.value2)
    )
    return replace(operation, params=replace(params, value=value, value1=one, value2=other))


_KINDS: dict[str, Callable[[EdgeCall, ModifyConfig], Value]] = {
    "copy": _copy,
    "convert2text": _to_text,
    "edit_text": _edit_text,
    "convert2structured": _to_structured,
    "edit_structured": _edit_structured,
}
