"""Parsed values of a foreign file, taken apart with care."""

from __future__ import annotations

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.imported import ForeignError


def as_object(value: Value, location: str) -> Object:
    """`value` as an object; `ForeignError` names the place where it is none."""
    if not isinstance(value, dict):
        raise ForeignError(f"must be an object, not {kind(value)}", location=location)
    return value


def as_list(value: Value, location: str) -> list[Value]:
    """`value` as a list; `ForeignError` names the place where it is none."""
    if not isinstance(value, list):
        raise ForeignError(f"must be a list, not {kind(value)}", location=location)
    return value


def sub_object(parent: Frozen, key: str) -> Object:
    """The object below `key`, or an empty one: the editor leaves out and nulls what it doesn't need."""
    found = parent.get(key)
    return found if isinstance(found, dict) else {}


def text_of(parent: Frozen, key: str, default: str = "") -> str:
    """The string below `key`, or the default where there is none."""
    found = parent.get(key)
    return found if isinstance(found, str) else default


def kind(value: Value) -> str:
    """A value's JSON type, in words."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return "null" if value is None else names.get(type(value), "a number")


MAX_DEPTH = 64  # what the strict loader of manifests reads


def refuse_depth(value: Value, location: str, limit: int = MAX_DEPTH) -> None:
    """`ForeignError` for a value that is nested deeper; costs no recursion."""
    level = [value]
    for _ in range(limit):
        below: list[Value] = []
        for item in level:
            if isinstance(item, dict):
                below += item.values()
            elif isinstance(item, list):
                below += item
        level = below
    if any(isinstance(item, dict | list) for item in level):
        raise ForeignError(
            f"is nested more than {limit} deep", location=location, hint="flatten it"
        )
