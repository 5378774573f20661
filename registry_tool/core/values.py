"""JSON values: what blocks hold, edges compute and documents are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]
    """A JSON value as `json.loads` returns it."""
else:  # no library that reads types knows a recursive one (core/codec.py)
    Value = Any

Object = dict[str, Value]
"""A JSON object."""

Frozen = Mapping[str, Value]
"""A JSON object that the holder promises not to change."""

Route = tuple[str | int, ...]
"""Where a value stands in a document: keys and list positions from the root."""


def at(value: Value, route: Sequence[str | int]) -> Value:
    """The value at `route` below `value`; `KeyError` or `IndexError` where there is none."""
    for step in route:
        if isinstance(value, dict) and isinstance(step, str):  # noqa: SIM114 - types differ
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
        else:
            raise KeyError(step)
    return value
