"""What is read out of GitHub's answers: a field of the wrong type is an error that names it, never a surprise."""

from __future__ import annotations

from typing import cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object

LONGEST = 500


def text(value: Object, key: str) -> str:
    """A text of at most `LONGEST` characters; empty for null or where it is absent."""
    found = value.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise _wrong(key, "text")
    return found[:LONGEST]


def number(value: Object, key: str) -> int:
    """A whole number from 0."""
    found = value.get(key)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise _wrong(key, "number")
    return found


def objects(value: Object, key: str) -> list[Object]:
    """A list of objects; empty where it is absent."""
    found = value.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise _wrong(key, "list of objects")
    return cast(list[Object], found)


def inner(value: Object, key: str) -> Object:
    """An object inside."""
    found = value.get(key)
    if not isinstance(found, dict):
        raise _wrong(key, "object")
    return found


def address(value: Object, key: str) -> str:
    """An https address to show to people; empty for anything else."""
    found = text(value, key)
    return found if found.startswith("https://") and found.isprintable() else ""


def _wrong(key: str, meant: str) -> RegistryError:
    return RegistryError(f"GitHub's answer has no {meant} {key!r}")
