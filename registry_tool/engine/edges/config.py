"""Fields of an edge's configuration by their kind."""

from __future__ import annotations

from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError


def options(call: EdgeCall) -> Object:
    """The configuration, to be changed and passed on."""
    return dict(call.config)


def whole_number(config: Object, key: str, usual: int, *, least: int = 0) -> int:
    """A whole number of at least `least`; `EdgeError` names the field."""
    value = config.get(key, usual)
    if value is None:
        return usual
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise EdgeError(f"{key} must be a whole number from {least}", place=f"config.{key}")
    return value


def texts(config: Object, key: str, usual: list[str]) -> list[str]:
    """A list of texts; a single text is a list of one."""
    value: Value = config.get(key)
    if value is None:
        return usual
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise EdgeError(f"{key} must be a list of texts", place=f"config.{key}")
    return cast(list[str], value)
