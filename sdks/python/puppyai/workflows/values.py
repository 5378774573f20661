"""JSON as types: what workflows take and give, so that nobody has to cast an `Any`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from puppyai.workflows.errors import InvalidRequestError

JsonValue: TypeAlias = bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"] | None
"""A JSON value as it comes out of a run or a document: plain lists and dicts."""

JsonObject: TypeAlias = dict[str, JsonValue]
"""A JSON object."""

JsonInput: TypeAlias = (
    bool | int | float | str | Sequence["JsonInput"] | Mapping[str, "JsonInput"] | None
)
"""What may be given where JSON is wanted: any sequence for a list, any mapping for an object."""

_DEEPEST = 64
_LARGEST = 2**53 - 1


def plain(value: JsonInput, place: str) -> JsonValue:
    """The value as plain JSON, copied; `InvalidRequestError` names the place of what JSON can't hold."""
    return _plain(value, place, 0)


def plain_object(value: Mapping[str, JsonInput], place: str) -> JsonObject:
    """An object as plain JSON; the same error."""
    if not isinstance(value, Mapping):
        raise _refused(place, f"{_named(value)} is not a mapping of names to values")
    return _object(value, place, 0)


def _plain(value: object, place: str, depth: int) -> JsonValue:
    if depth > _DEEPEST:
        raise _refused(place, f"values are nested deeper than {_DEEPEST}")
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return _number(value, place)
    if isinstance(value, Mapping):
        return _object(value, place, depth)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [_plain(item, f"{place}[{n}]", depth + 1) for n, item in enumerate(value)]
    raise _refused(place, f"{_named(value)} is not JSON")


def _object(value: Mapping[str, object], place: str, depth: int) -> JsonObject:
    for key in value:
        if not isinstance(key, str):
            raise _refused(place, f"the key {key!r:.40} is not a string")
    return {key: _plain(item, f"{place}.{key}", depth + 1) for key, item in value.items()}


def _number(value: int | float, place: str) -> int | float:
    if isinstance(value, float) and not math.isfinite(value):
        raise _refused(place, f"{value} is not a JSON number")
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise _refused(place, "the integer is beyond 2^53, which JSON does not carry exactly")
    return value


def _named(value: object) -> str:
    kind = type(value).__name__
    return f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}"


def _refused(place: str, reason: str) -> InvalidRequestError:
    hint = "give null, a boolean, a number, a string, a list or an object of these"
    return InvalidRequestError(reason, location=place, hint=hint)
