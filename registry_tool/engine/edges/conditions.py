"""Conditions on blocks, as `branch` and `loop` use them; the editor's names and reading.

A list of conditions is read from left to right without precedence: each `operation` (`and`, `or`, `/` for the
last) joins what is known so far with the next condition. `…_n_chars` look at texts alone, `…_n` at the length of
lists and objects, and at numbers; `above`, `below` compare numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from registry_tool.core.values import Value
from registry_tool.engine.edges.asking.services import source_named
from registry_tool.engine.edges.base import EdgeCall, EdgeError
from registry_tool.engine.edges.config import spelled
from registry_tool.engine.edges.spellings import lowered
from registry_tool.manifest.template import as_text, follow


def _number(value: Value) -> float:
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            return float(value)
        except ValueError:
            pass
    raise EdgeError(f"{as_text(value)[:40]!r} is not a number", location="conditions")


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


ConditionName = Literal[
    "is_empty",
    "is_not_empty",
    "contain",
    "not_contain",
    "greater_than_n_chars",
    "less_than_n_chars",
    "is",
    "is_not",
    "is_list",
    "is_dict",
    "greater_than_n",
    "less_than_n",
    "above",
    "below",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a block's value is compared with."""

    value: Value = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One question about a source block; `path` (dotted) leads to a part of its value."""

    block: str
    condition: ConditionName
    path: str = ""
    parameters: Parameters = Parameters()
    operation: Literal["and", "or", "/"] = field(default="/", metadata=spelled(form=lowered))


def holds(conditions: Sequence[Condition], call: EdgeCall) -> bool:
    """Whether a list of conditions holds for an edge's source blocks; an empty list does not."""
    verdict, join = False, "or"
    for condition in conditions:
        found = CONDITIONS[condition.condition](_value(condition, call), condition.parameters.value)
        verdict = (verdict and found) if join == "and" else (verdict or found)
        join = condition.operation
    return verdict


def _value(condition: Condition, call: EdgeCall) -> Value:
    block = source_named(call, condition.block)
    if block is None:
        raise EdgeError(
            f"a condition looks at {condition.block!r}, which is not a source of the edge",
            location="conditions",
        )
    value = call.inputs[block.id]
    try:
        return follow(value, tuple(condition.path.split("."))) if condition.path else value
    except KeyError:
        return None
