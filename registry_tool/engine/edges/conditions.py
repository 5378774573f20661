"""Conditions on blocks, as `branch` and `loop` use them; the editor's names and reading.

A list of conditions is read from left to right without precedence: each `operation` (`and`, `or`, `/` for the
last) joins what is known so far with the next condition.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError
from registry_tool.manifest.template import as_text


def _number(value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise EdgeError(f"{as_text(value)[:40]!r} is no number", place="conditions")
    try:
        return float(value)
    except ValueError:
        raise EdgeError(f"{as_text(value)[:40]!r} is no number", place="conditions") from None


def _contains(value: Value, wanted: Value) -> bool:
    if isinstance(value, list):
        return wanted in value
    if isinstance(value, dict):
        return as_text(wanted) in value
    return as_text(wanted) in as_text(value)


def _length(value: Value) -> int:
    return len(value) if isinstance(value, list | dict) else len(as_text(value))


def _empty(value: Value) -> bool:
    return value is None or value in ("", [], {})


CONDITIONS: dict[str, Callable[[Value, Value], bool]] = {
    "is_empty": lambda value, _: _empty(value),
    "is_not_empty": lambda value, _: not _empty(value),
    "contain": _contains,
    "not_contain": lambda value, wanted: not _contains(value, wanted),
    "greater_than_n_chars": lambda value, wanted: _length(value) > _number(wanted),
    "less_than_n_chars": lambda value, wanted: _length(value) < _number(wanted),
    "is": lambda value, wanted: value == wanted,
    "is_not": lambda value, wanted: value != wanted,
    "is_list": lambda value, _: isinstance(value, list),
    "is_dict": lambda value, _: isinstance(value, dict),
    "greater_than_n": lambda value, wanted: _number(value) > _number(wanted),
    "less_than_n": lambda value, wanted: _number(value) < _number(wanted),
}


def holds(conditions: Sequence[Object], call: EdgeCall) -> bool:
    """Whether a list of conditions holds for an edge's source blocks; an empty list does not."""
    verdict, join = False, "or"
    for condition in conditions:
        found = _holds(condition, call)
        verdict = (verdict and found) if join == "and" else (verdict or found)
        join = str(condition.get("operation", "/")).lower()
        if join not in {"and", "or", "/"}:
            raise EdgeError(f"operation must be and, or or /, not {join!r}", place="conditions")
    return verdict


def _holds(condition: Object, call: EdgeCall) -> bool:
    name = condition.get("condition")
    if name not in CONDITIONS:
        raise EdgeError(
            f"there is no condition {name!r}", place="conditions", way_out=", ".join(CONDITIONS)
        )
    parameters = cast(Object, condition.get("parameters") or {})
    return CONDITIONS[str(name)](_value(condition, call), parameters.get("value"))


def _value(condition: Object, call: EdgeCall) -> Value:
    block = condition.get("block")
    for source in call.sources:
        if block in (source.id, source.label):
            return call.inputs[source.id]
    if block in call.inputs:
        return call.inputs[str(block)]
    raise EdgeError(
        f"a condition looks at {block!r}, which is no source of the edge", place="conditions"
    )
