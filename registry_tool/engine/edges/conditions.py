"""Conditions on blocks, as `branch` and `loop` use them; the editor's names and reading.

A list of conditions is read from left to right without precedence: each `operation` (`and`, `or`, `/` for the
last) joins what is known so far with the next condition. `…_n_chars` look at texts alone, `…_n` at the length of
lists and objects, and at numbers; `above`, `below` compare numbers.
"""

from __future__ import annotations

from collections.abc import Callable

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError
from registry_tool.manifest.template import as_text


def _number(value: Value) -> float:
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            return float(value)
        except ValueError:
            pass
    raise EdgeError(f"{as_text(value)[:40]!r} is no number", place="conditions")


def _contains(value: Value, wanted: Value) -> bool:
    if wanted is None or value is None:
        return False
    if isinstance(value, list):
        return wanted in value
    if isinstance(value, dict):
        return wanted in list(value) or wanted in value.values()
    return as_text(wanted) in as_text(value)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _countable(value: Value) -> bool:
    return isinstance(value, list | dict) or _is_number(value)


def _count(value: Value) -> float:
    """How many entries a list or an object has; a number is its own count."""
    return len(value) if isinstance(value, list | dict) else _number(value)


CONDITIONS: dict[str, Callable[[Value, Value], bool]] = {
    "is_empty": lambda value, _: not value,
    "is_not_empty": lambda value, _: bool(value),
    "contain": _contains,
    "not_contain": lambda value, wanted: not _contains(value, wanted),
    "greater_than_n_chars": lambda v, n: isinstance(v, str) and len(v) > _number(n or 0),
    "less_than_n_chars": lambda v, n: isinstance(v, str) and len(v) < _number(n or 0),
    "is": lambda value, wanted: value == wanted,
    "is_not": lambda value, wanted: value != wanted,
    "is_list": lambda value, _: isinstance(value, list),
    "is_dict": lambda value, _: isinstance(value, dict),
    "greater_than_n": lambda v, n: _countable(v) and _count(v) > _number(n or 0),
    "less_than_n": lambda v, n: _countable(v) and _count(v) < _number(n or 0),
    "above": lambda v, n: _is_number(v) and _number(v) > _number(n),
    "below": lambda v, n: _is_number(v) and _number(v) < _number(n),
}


def holds(conditions: Value, call: EdgeCall) -> bool:
    """Whether a list of conditions holds for an edge's source blocks; an empty list does not."""
    if not isinstance(conditions, list):
        raise EdgeError("conditions are a list of {block, condition}", place="conditions")
    verdict, join = False, "or"
    for condition in conditions:
        if not isinstance(condition, dict):
            raise EdgeError("a condition is an object of block and condition", place="conditions")
        found = _holds(condition, call)
        verdict = (verdict and found) if join == "and" else (verdict or found)
        join = str(condition.get("operation") or "/").lower()
        if join not in {"and", "or", "/"}:
            raise EdgeError(f"operation must be and, or or /, not {join!r}", place="conditions")
    return verdict


def _holds(condition: Object, call: EdgeCall) -> bool:
    name = str(condition.get("condition"))
    if name not in CONDITIONS:
        raise EdgeError(
            f"there is no condition {name!r}", place="conditions", way_out=", ".join(CONDITIONS)
        )
    parameters = condition.get("parameters")
    wanted = parameters.get("value") if isinstance(parameters, dict) else None
    return CONDITIONS[name](_value(condition, call), wanted)


def _value(condition: Object, call: EdgeCall) -> Value:
    name = condition.get("block")
    if isinstance(name, str) and name in call.inputs:
        return _at(call.inputs[name], condition)
    for source in call.sources:
        if source.label and name == source.label:
            return _at(call.inputs[source.id], condition)
    raise EdgeError(
        f"a condition looks at {name!r}, which is no source of the edge", place="conditions"
    )


def _at(value: Value, condition: Object) -> Value:
    """The part of a block's value that `path` (dotted) leads to; null where it leads nowhere."""
    path = condition.get("path")
    if not path:
        return value
    from registry_tool.manifest.template import follow

    try:
        return follow(value, tuple(str(path).split(".")))
    except KeyError:
        return None
