"""Two JSON Schemas that one value has to obey: both as one, and why no value can obey both.

Nothing is resolved: what can't be seen by comparing keywords is left to the check of the value itself.
Keywords: https://json-schema.org/draft/2020-12/json-schema-validation
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.manifest.json_schema.misfit import misfit

TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
_DEEPEST = 16
_LARGEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_SMALLEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_SIZES = {
    "string": ("minLength", "maxLength", "characters"),
    "array": ("minItems", "maxItems", "items"),
    "object": ("minProperties", "maxProperties", "properties"),
}


def met(one: Frozen, other: Frozen) -> Object:
    """A schema that holds where both hold, written as a plain one wherever keywords can be joined."""
    if not one or not other:
        return dict(one or other)
    result: Object = dict(one)
    rest: Object = {}
    for key, value in other.items():
        if key == "properties":
            result[key] = _all_properties(one, other)
        elif key not in result or result[key] == value:
            result[key] = value
        elif key == "$schema":
            continue  # in a part of its own it would give that part another meaning
        elif (joined := _joined(key, result[key], value)) is not None:
            result[key] = joined
        else:
            rest[key] = value
    if rest:
        parts = result.get("allOf")
        result["allOf"] = [*(parts if isinstance(parts, list) else []), rest]
    return result


def _joined(key: str, one: Value, other: Value) -> Value:
    """The one value of a keyword that says what both say; None where there is none."""
    if key == "type":
        both = _plain(_narrowed(one) & _narrowed(other))
        return None if not both else both[0] if len(both) == 1 else list[Value](both)
    if key == "items":
        return _below(one, other)
    if key == "required" and isinstance(one, list) and isinstance(other, list):
        return list(dict.fromkeys(cast(list[str], [*one, *other])))
    if key == "enum" and isinstance(one, list) and isinstance(other, list):
        return [item for item in one if item in other] or None
    if _is_number(one) and _is_number(other):
        if key in _LARGEST:
            return max(cast(float, one), cast(float, other))
        if key in _SMALLEST:
            return min(cast(float, one), cast(float, other))
    return False if key == "additionalProperties" and False in (one, other) else None


def _all_properties(one: Frozen, other: Frozen) -> Object:
    mine, theirs = _properties(one), _properties(other)
    return {
        name: _below(mine.get(name, admits(one, name)), theirs.get(name, admits(other, name)))
        for name in {**mine, **theirs}
    }


def _below(one: Value, other: Value) -> Value:
    if isinstance(one, dict) and isinstance(other, dict):
        return met(one, other)
    return one if other is True else other if one is True else False


def types_of(schema: Frozen) -> frozenset[str]:
    """The types that a schema lets through, `integer` beside `number`."""
    found = _narrowed(schema["type"]) if "type" in schema else TYPES
    if (values := _choices(schema)) is not None:
        found &= {name for value in values for name in _types_of_value(value)}
    return found


def _narrowed(value: Value) -> frozenset[str]:
    names = frozenset(str(n) for n in value) if isinstance(value, list) else frozenset({str(value)})
    return (names | {"integer"} if "number" in names else names) & TYPES


def _types_of_value(value: Value) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("boolean",)
    if isinstance(value, int | float):
        return ("number", "integer") if float(value).is_integer() else ("number",)
    if value is None:
        return ("null",)
    return (
        "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object",
    )


def _choices(schema: Frozen) -> list[Value] | None:
    if "const" in schema:
        return [schema["const"]]
    enum = schema.get("enum")
    return enum if isinstance(enum, list) else None


def contradiction(one: Frozen, other: Frozen, *, whole: bool = False) -> str:
    """Why no value obeys both schemas, in words that begin with the place; empty where none is seen.

    With `whole`, every named property has to be there, as in what a model is asked for.
    """
    return next(_clashes(one, other, "", whole, 0), "")


def _clashes(one: Frozen, other: Frozen, at: str, whole: bool, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    here = f"{at}: " if at else ""
    types = types_of(one) & types_of(other)
    if not types:
        yield f"{here}one wants {_named(one)}, the other {_named(other)}"
        return
    yield from (f"{here}{reason}" for reason in _no_choice(one, other))
    yield from (f"{here}{reason}" for reason in _no_room(one, other, types))
    if types == {"object"}:
        yield from _no_property(one, other, at, whole, depth)
    if types == {"array"}:
        items = one.get("items"), other.get("items")
        if isinstance(items[0], dict) and isinstance(items[1], dict):
            yield from _clashes(items[0], items[1], f"{at}[]", whole, depth + 1)


def _named(schema: Frozen) -> str:
    return " or ".join(_plain(types_of(schema))) or "nothing that there is"


def _plain(types: frozenset[str]) -> list[str]:
    """The types, `integer` left out where every number will do."""
    return sorted(name for name in types if not (name == "integer" and "number" in types))


def _no_choice(one: Frozen, other: Frozen) -> Iterator[str]:
    for first, second in ((one, other), (other, one)):
        choices = _choices(first)
        if choices is not None and not any(_fits(value, second) for value in choices):
            shown = ", ".join(json.dumps(value, ensure_ascii=False) for value in choices[:5])
            yield f"none of the values {shown} fits the other schema"
            return


def _fits(value: Value, schema: Frozen) -> bool:
    try:
        return misfit(value, {k: v for k, v in schema.items() if k != "required"}) is None
    except ValueError:  # the schema itself is invalid: another rule reports it
        return True


def _no_room(one: Frozen, other: Frozen, types: frozenset[str]) -> Iterator[str]:
    if types <= {"number", "integer"}:
        yield from _no_number(one, other)
    if len(types) == 1 and (kind := next(iter(types))) in _SIZES:
        least, most, what = _SIZES[kind]
        low = max((_size(s, least) or 0 for s in (one, other)), default=0)
        high = min((n for s in (one, other) if (n := _size(s, most)) is not None), default=None)
        if high is not None and low > high:
            yield f"at least {low:g} {what} and at most {high:g} can't both be"


def _no_number(one: Frozen, other: Frozen) -> Iterator[str]:
    lows = [
        (n, k != "minimum")
        for s in (one, other)
        for k in _LARGEST[:2]
        if (n := _size(s, k)) is not None
    ]
    highs = [
        (n, k != "maximum")
        for s in (one, other)
        for k in _SMALLEST[:2]
        if (n := _size(s, k)) is not None
    ]
    if lows and highs:
        low, high = max(lows), min(highs, key=lambda pair: (pair[0], not pair[1]))
        if low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1])):
            yield f"no number is from {low[0]:g} on and up to {high[0]:g}"


def _size(schema: Frozen, key: str) -> float | None:
    value = schema.get(key)
    return float(cast(float, value)) if _is_number(value) else None


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _no_property(one: Frozen, other: Frozen, at: str, whole: bool, depth: int) -> Iterator[str]:
    for first, second in ((one, other), (other, one)):
        for name in _wanted(first, whole=whole):
            if not admits(second, name):
                yield f"{at + ': ' if at else ''}the property {name!r} is wanted by one and forbidden by the other"
    mine, theirs = _properties(one), _properties(other)
    needed = {*_wanted(one, whole=whole), *_wanted(other, whole=whole)}
    for name in mine:
        below = mine[name], theirs.get(name)
        if name in needed and isinstance(below[0], dict) and isinstance(below[1], dict):
            location = f"{at}.{name}" if at else name
            yield from _clashes(below[0], below[1], location, whole, depth + 1)


def _wanted(schema: Frozen, *, whole: bool) -> tuple[str, ...]:
    required = schema.get("required")
    named = [str(name) for name in required] if isinstance(required, list) else []
    return tuple(dict.fromkeys([*named, *(_properties(schema) if whole else ())]))


def _properties(schema: Frozen) -> Object:
    found = schema.get("properties")
    return found if isinstance(found, dict) else {}


def admits(schema: Frozen, name: str) -> bool:
    """Whether an object of the schema may have a property of this name, as far as its own keywords tell."""
    properties = _properties(schema)
    if name in properties:
        return properties[name] is not False
    return schema.get("additionalProperties") is not False or bool(schema.get("patternProperties"))
