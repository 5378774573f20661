"""The editor's spellings of a value, each brought into the one form that the engine knows."""

from __future__ import annotations

from registry_tool.core.values import Value


def only_key(value: Value) -> Value:
    """A name that is written as `{name: …}`, as the editor writes models and ids of blocks."""
    return next(iter(value), "") if isinstance(value, dict) else value


def listed(value: Value) -> Value:
    """A single value is a list of one."""
    return value if isinstance(value, list) else [value]


def names(value: Value) -> Value:
    """Blocks by id or label: one name, a list of names, or `{id: label}` as the editor writes it."""
    return list(value) if isinstance(value, dict) else listed(value)


def first_words(value: Value) -> Value:
    """Of a list of names, or of lists that begin with one (`[name, label]`), the names."""
    items = value if isinstance(value, list) else []
    return [str(next(iter(item), "")) if isinstance(item, list) else item for item in items]


def lowered(value: Value) -> Value:
    """A word in small letters."""
    return str(value).lower()


def raised(value: Value) -> Value:
    """A word in capitals."""
    return str(value).upper()
