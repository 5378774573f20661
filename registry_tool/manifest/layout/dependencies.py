"""Changes a manifest's list of required workflows in its text: every other line stays as it was written."""

from __future__ import annotations

import json
from typing import Any, Final, cast

import yaml

from registry_tool.core.errors import UsageError
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.manifest.model import Requirement
from registry_tool.manifest.source import LOADER, load_document, load_tree

_ROUTE: Final = ("spec", "runtime", "dependencies", "workflows")
_PUBLIC: Final = "public"


class _Edit(Record, frozen=True):
    """Text that is put in place of a part of the manifest, by places from 0."""

    start: int
    end: int
    text: str


def with_requirement(data: bytes | str, path: str, wanted: Requirement) -> str:
    """The manifest's text with a requirement: added at the end of the list, or its range changed.

    `FindingsError` where the manifest is not strict YAML, `UsageError` where the list is written so that this
    can't change without touching anything else.
    """
    document = load_document(data, path)
    edit = _edit(document.text, document.value, wanted)
    new = document.text[: edit.start] + edit.text + document.text[edit.end :] if edit else ""
    if not new or load_tree(new, path) != _expected(document.value, wanted):
        raise UsageError(
            "this manifest's requirements are written in a way that can't be changed in place",
            location=path,
            hint=f"add it by hand below spec.runtime.dependencies.workflows: {_flow(wanted)}",
        )
    return new


def _expected(value: Value, wanted: Requirement) -> Value:
    """The manifest's value with the requirement."""
    root = cast(Object, json.loads(json.dumps(value)))
    below: Any = root
    for key in _ROUTE[:-1]:
        if below.get(key) is None:
            below[key] = {}
        below = below[key]
    entries = below[_ROUTE[-1]] = below.get(_ROUTE[-1]) or []
    known = next((one for one in entries if _is(one, wanted)), None)
    if known is None:
        entries.append(_entry(wanted))
    else:
        known["version"] = wanted.range
    return root


def _is(entry: Any, wanted: Requirement) -> bool:
    return (entry.get("name"), entry.get("registry", _PUBLIC)) == (wanted.name, wanted.registry)


def _entry(wanted: Requirement) -> Object:
    entry: Object = {"name": wanted.name, "version": wanted.range}
    return entry if wanted.registry == _PUBLIC else {**entry, "registry": wanted.registry}


def _flow(wanted: Requirement) -> str:
    """`{ name: a, version: "^1.0.0" }`."""
    members = [f"name: {wanted.name}", f"version: {json.dumps(wanted.range)}"]
    if wanted.registry != _PUBLIC:
        members.append(f"registry: {wanted.registry}")
    return f"{{ {', '.join(members)} }}"


def _edit(text: str, value: Value, wanted: Requirement) -> _Edit | None:
    node, missing = yaml.compose(text, Loader=LOADER), list(_ROUTE)
    while missing and (below := _member(node, missing[0])) is not None:
        node = below
        missing.pop(0)
    if len(missing) == len(_ROUTE):
        return None
    if not missing and isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            if _is(yaml.safe_load(yaml.serialize(entry)), wanted):
                return _changed(entry, wanted)
    return _added(text, node, missing, wanted)


def _member(node: Any, key: str) -> Any:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((below for name, below in node.value if name.value == key), None)


def _changed(entry: Any, wanted: Requirement) -> _Edit | None:
    old = _member(entry, "version")
    if not isinstance(old, yaml.ScalarNode) or old.style in ("|", ">"):
        return None
    return _Edit(old.start_mark.index, old.end_mark.index, json.dumps(wanted.range))


def _added(text: str, node: Any, missing: list[str], wanted: Requirement) -> _Edit | None:
    if isinstance(node, yaml.ScalarNode):  # a key without a value
        if node.value or node.style:
            return None
        at = node.end_mark.index
        return _Edit(node.start_mark.index, at, f" {_nested(missing, wanted)}")
    if node.flow_style:
        inner = _nested(missing, wanted).strip("{} ") if missing else _flow(wanted)
        if missing:
            inner = f"{missing[0]}: {_nested(missing[1:], wanted)}"
        return _in_flow(text, node, inner)
    if not node.value:
        return None
    first = node.value[0] if isinstance(node, yaml.SequenceNode) else node.value[0][0]
    column = first.start_mark.column
    lines = _lines(missing, wanted)
    if not missing:
        column = text.rfind("-", 0, first.start_mark.index)
        column -= text.rfind("\n", 0, column) + 1
        if not first.flow_style:
            lines = [f"- {line}" if not n else f"  {line}" for n, line in enumerate(_block(wanted))]
    at = _line_after(text, node)
    start = "" if text[:at].endswith("\n") else "\n"
    return _Edit(at, at, start + "".join(f"{' ' * column}{line}\n" for line in lines))


def _in_flow(text: str, node: Any, inner: str) -> _Edit:
    end = node.end_mark.index - 1
    before = text[:end].rstrip()
    comma = "" if not node.value or before.endswith(",") else ","
    space = " " if comma or before.endswith(",") else ""
    if isinstance(node, yaml.MappingNode):
        return _Edit(len(before), end, f"{comma} {inner} ")
    return _Edit(len(before), end, f"{comma}{space}{inner}")


def _nested(keys: list[str], wanted: Requirement) -> str:
    """The list inside mappings of the keys, all on one line."""
    text = f"[{_flow(wanted)}]"
    for key in reversed(keys):
        text = f"{{ {key}: {text} }}"
    return text


def _lines(keys: list[str], wanted: Requirement) -> list[str]:
    """The requirement below keys, each on a line of its own."""
    lines = [f"{'  ' * depth}{key}:" for depth, key in enumerate(keys)]
    return [*lines, f"{'  ' * len(keys)}- {_flow(wanted)}"]


def _block(wanted: Requirement) -> list[str]:
    return [
        f"{key}: {json.dumps(v) if key == 'version' else v}" for key, v in _entry(wanted).items()
    ]


def _line_after(text: str, node: Any) -> int:
    """Where the line begins that follows the last one of a block collection."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(node, yaml.MappingNode) else last
    end = node.end_mark.index
    if text[:end].endswith("\n"):
        return int(end)
    found = text.find("\n", end)
    return len(text) if found < 0 else found + 1
