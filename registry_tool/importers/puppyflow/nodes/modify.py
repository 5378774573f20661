"""Operation nodes that copy, edit and convert → data of a `modify` edge."""

from __future__ import annotations

import json

from registry_tool.core.values import Object, Value
from registry_tool.importers.foreign_values import as_list, text_of
from registry_tool.importers.puppyflow.nodes.base import Operation, number, parsed


def copy(node: Operation) -> Object:
    """Pass the first input on."""
    return {"modify_type": "copy", "content": node.first, "extra_configs": {}}


def convert2text(node: Operation) -> Object:
    """The first input as text."""
    return {"modify_type": "convert2text", "content": node.first}


_CONVERSIONS = {
    "JSON": "parse_as_json",
    "wrap into list": "parse_as_list",
    "wrap into dict": "wrap_into_dict",
    "split by length": "split_by_length",
    "split by character": "split_by_character",
}
_CONVERSION_FIELDS = {
    "wrap_into_dict": "dict_key",
    "split_by_length": "length_separator",
    "split_by_character": "list_separator",
}


def convert2structured(node: Operation) -> Object:
    """The first input as a list or an object; `execMode` says how."""
    wanted = text_of(node.data, "execMode", "JSON")
    mode = _CONVERSIONS.get(wanted, wanted if wanted in _CONVERSIONS.values() else "parse_as_json")
    if wanted not in _CONVERSIONS and wanted != mode:
        node.report(f"the mode {wanted!r}", "it is unknown; the editor parses as JSON then")
    extra: Object = {
        "conversion_mode": mode,
        "action_type": "json" if wanted == "JSON" else "default",
    }
    field = _CONVERSION_FIELDS.get(mode, "")
    if node.extra.get(field) not in (None, ""):
        value = node.extra[field]
        extra[field] = parsed(value) if field == "list_separator" else value
    return {"modify_type": "convert2structured", "content": node.first, "extra_configs": extra}


def _slice(mode: str, count: int) -> list[Value]:
    """[first, end] of a text; an end of -1 means its end."""
    return {
        "return first n": [0, count],
        "return last n": [-count, -1],
        "exclude first n": [count, -1],
        "exclude last n": [0, -count],
    }.get(mode, [0, -1])  # type: ignore[return-value]


def edit_text(node: Operation) -> Object:
    """A text around the inputs, and a part of it."""
    content = node.data.get("content")
    mode = text_of(node.extra, "retMode") or text_of(node.data, "retMode", "return all")
    count = number(node.extra, "configNum", number(node.data, "configNum", 100))
    return {
        "modify_type": "edit_text",
        "content": content if isinstance(content, str) else json.dumps(content or ""),
        "extra_configs": {"slice": _slice(mode, int(count)), "sort_type": "/"},
    }


def edit_structured(node: Operation) -> Object:
    """One operation on the first input."""
    kind = text_of(node.data, "type") or "get"
    params: Object = {"max_depth": 100}
    if kind not in {"get_keys", "get_values"}:
        params = {"path": _path(node)}
        if kind == "get":
            params["default"] = "Get Failed, value not exist"
        elif node.data.get("paramv") is not None and kind != "delete":
            params["value"] = node.data["paramv"]
    operation: Object = {"type": "set_value" if kind == "replace" else kind, "params": params}
    return {
        "modify_type": "edit_structured",
        "content": node.first,
        "extra_configs": {"operations": [operation]},
    }


def _path(node: Operation) -> list[Value]:
    """Keys and positions; a part typed `num` is an integer where it looks like one."""
    path: list[Value] = []
    for item in as_list(node.data.get("getConfigData") or [], f"blocks.{node.id}.getConfigData"):
        part = item if isinstance(item, dict) else {"value": item}
        value = part.get("value", "")
        is_position = part.get("key") == "num" and isinstance(value, str)
        try:
            path.append(int(str(value)) if is_position else value)
        except ValueError:
            path.append(value)
    return path
