"""Two JSON Schemas (draft 2020-12) compared by the values that they admit: fewer, more, or others?

Keyword by keyword, on the safe side: what is undecidable counts as `OTHER`. One convention stands against the
letter of JSON Schema: a property that only the newer schema names is `ADDED`, though an open object admitted
anything under that name before; nobody could rely on what was not written down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import cast

from registry_tool.core.files import canonical_json, same
from registry_tool.core.values import Frozen, Object, Route, Value


class Effect(Enum):
    """What a change does to the set of admitted values."""

    NARROWER = "fewer values"
    WIDER = "more values"
    OTHER = "other values"
    ADDED = "a property is new"
    REMOVED = "a property is gone"
    DEFAULT = "another default"
    WORDS = "words only"


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One changed keyword: its route below the schema, the effect, and both values in words."""

    route: Route
    effect: Effect
    words: str


_ATOMS = {
    "number": {"integer", "fraction"},
    **{name: {name} for name in ("null", "boolean", "integer", "string", "array", "object")},
}
_EVERY_ATOM = frozenset().union(*_ATOMS.values())
_NEVER: Object = {"not": {}}
_LOWER = ("minLength", "minItems", "minProperties", "minContains")
_UPPER = ("maxLength", "maxItems", "maxProperties", "maxContains")
_ADDABLE = ("pattern", "format", "contentEncoding", "contentMediaType")
_WORDS = frozenset(
    {"title", "description", "examples", "$comment", "deprecated", "readOnly", "writeOnly", "$id"}
    | {"$schema"}
)
_COMPARED = frozenset(
    {*_LOWER, *_UPPER, *_ADDABLE, *_WORDS, "type", "enum", "const", "minimum", "maximum"}
    | {"exclusiveMinimum", "exclusiveMaximum", "multipleOf", "uniqueItems", "required"}
    | {"properties", "additionalProperties", "items", "prefixItems", "anyOf", "allOf", "default"}
)


def schema_changes(old: Value, new: Value, route: Route = ()) -> Iterator[SchemaChange]:
    """Every keyword in which two schemas differ; nothing where they are equal."""
    if same(old, new):
        return
    before, after = _as_object(old), _as_object(new)
    yield from _sets(before, after, route)
    yield from _bounds(before, after, route)
    yield from _plain(before, after, route)
    yield from _objects(before, after, route)
    yield from _arrays(before, after, route)
    yield from _rest(before, after, route)


def _as_object(schema: Value) -> Object:
    if isinstance(schema, bool):
        return {} if schema else _NEVER
    return cast(Object, schema)


def _shown(value: Value, absent: bool = False) -> str:
    if absent:
        return "nothing"
    text = canonical_json(value).decode()
    return text if len(text) <= 60 else text[:57] + "…"


def _change(key: str, before: Frozen, after: Frozen, route: Route, effect: Effect) -> SchemaChange:
    words = (
        f"{key} was {_shown(before.get(key), key not in before)}, "
        f"now {_shown(after.get(key), key not in after)}"
    )
    return SchemaChange((*route, key), effect, words)


def _of_sets(old: frozenset[object] | None, new: frozenset[object] | None) -> Effect | None:
    """The effect of admitting `new` instead of `old`; None stands for everything."""
    if old == new:
        return None
    if old is None or (new is not None and new < old):
        return Effect.NARROWER
    if new is None or new > old:
        return Effect.WIDER
    return Effect.OTHER


def _types(schema: Frozen) -> frozenset[object]:
    named = schema.get("type")
    if named is None:
        return cast(frozenset[object], _EVERY_ATOM)
    names = cast(list[str], named if isinstance(named, list) else [named])
    return frozenset(atom for name in names for atom in _ATOMS.get(name, {name}))


def _listed(schema: Frozen) -> frozenset[object] | None:
    if "const" in schema:
        return frozenset({canonical_json(schema["const"])})
    if "enum" in schema:
        return frozenset(canonical_json(item) for item in cast(list[Value], schema["enum"]))
    return None


def _sets(before: Object, after: Object, route: Route) -> Iterator[SchemaChange]:
    if effect := _of_sets(_types(before), _types(after)):
        yield _change("type", before, after, route, effect)
    if effect := _of_sets(_listed(before), _listed(after)):
        key = "const" if "const" in before or "const" in after else "enum"
        yield _change(key, before, after, route, effect)
    for key, widens in (("anyOf", True), ("allOf", False)):
        old, new = _branches(before, key), _branches(after, key)
        found = _of_sets(old, new)
        if found and not widens and None not in (old, new):
            turned = {Effect.NARROWER: Effect.WIDER, Effect.WIDER: Effect.NARROWER}
            found = turned.get(found, found)
        if found:
            yield _change(key, before, after, route, found)


def _branches(schema: Frozen, key: str) -> frozenset[object] | None:
    if key not in schema:
        return None
    return frozenset(canonical_json(item) for item in cast(list[Value], schema[key]))


def _bounds(before: Object, after: Object, route: Route) -> Iterator[SchemaChange]:
    for key, other, sign in (
        ("minimum", "exclusiveMinimum", 1),
        ("maximum", "exclusiveMaximum", -1),
    ):
        old, new = (_bound(schema, key, other, sign) for schema in (before, after))
        if old != new:
            changed = other if before.get(key) == after.get(key) else key
            effect = Effect.NARROWER if new > old else Effect.WIDER
            yield _change(changed, before, after, route, effect)
    for keys, sign in ((_LOWER, 1), (_UPPER, -1)):
        for key in keys:
            nothing = 0.0 if sign > 0 else float("inf")
            low, high = (_number(schema, key, nothing) * sign for schema in (before, after))
            if low != high:
                effect = Effect.NARROWER if high > low else Effect.WIDER
                yield _change(key, before, after, route, effect)


def _number(schema: Frozen, key: str, absent: float) -> float:
    value = schema.get(key)
    return float(value) if isinstance(value, int | float) else absent


def _bound(schema: Frozen, key: str, other: str, sign: int) -> tuple[float, bool]:
    """The stricter of a closed and an open bound, turned so that greater is stricter."""
    none = float("-inf")
    closed = (_number(schema, key, none * sign) * sign, False)
    opened = (_number(schema, other, none * sign) * sign, other in schema)
    return max(closed, opened)


def _plain(before: Object, after: Object, route: Route) -> Iterator[SchemaChange]:
    for key in _ADDABLE:
        if before.get(key) != after.get(key):
            effect = Effect.OTHER
            if key not in before or key not in after:
                effect = Effect.NARROWER if key in after else Effect.WIDER
            yield _change(key, before, after, route, effect)
    if found := _multiples(before.get("multipleOf"), after.get("multipleOf")):
        yield _change("multipleOf", before, after, route, found)
    if (before.get("uniqueItems") is True) != (after.get("uniqueItems") is True):
        effect = Effect.NARROWER if after.get("uniqueItems") is True else Effect.WIDER
        yield _change("uniqueItems", before, after, route, effect)
    for key in ("default", *sorted(_WORDS)):
        if (key in before) != (key in after) or not same(before.get(key), after.get(key)):
            effect = Effect.DEFAULT if key == "default" else Effect.WORDS
            yield _change(key, before, after, route, effect)


def _multiples(old: Value, new: Value) -> Effect | None:
    if old == new:
        return None
    if not isinstance(old, int | float) or not isinstance(new, int | float):
        return Effect.NARROWER if isinstance(new, int | float) else Effect.WIDER
    if isinstance(old, int) and isinstance(new, int):
        if new % old == 0:
            return Effect.NARROWER
        if old % new == 0:
            return Effect.WIDER
    return Effect.OTHER


def _objects(before: Object, after: Object, route: Route) -> Iterator[SchemaChange]:
    old, new = _names(before), _names(after)
    for name in sorted(new - old):
        yield SchemaChange((*route, "required"), Effect.NARROWER, f"{name!r} is required now")
    for name in sorted(old - new):
        yield SchemaChange((*route, "required"), Effect.WIDER, f"{name!r} is no longer required")
    was, now = _properties(before), _properties(after)
    for name in sorted(was.keys() | now.keys()):
        below = (*route, "properties", name)
        if name not in was:
            yield SchemaChange(below, Effect.ADDED, f"the property {name!r} is new")
        elif name not in now:
            gone = (*route, "properties")
            yield SchemaChange(gone, Effect.REMOVED, f"the property {name!r} is gone")
        else:
            yield from schema_changes(was[name], now[name], below)
    yield from _below("additionalProperties", before, after, route)


def _names(schema: Frozen) -> set[str]:
    return set(cast(list[str], schema.get("required") or []))


def _properties(schema: Frozen) -> Mapping[str, Value]:
    return cast(Object, schema.get("properties") or {})


def _below(key: str, before: Object, after: Object, route: Route) -> Iterator[SchemaChange]:
    """A keyword that holds a schema: closed (false) or open."""
    old, new = before.get(key, True), after.get(key, True)
    if (old is False) != (new is False):
        effect = Effect.NARROWER if new is False else Effect.WIDER
        yield _change(key, before, after, route, effect)
    else:
        yield from schema_changes(old, new, (*route, key))


def _arrays(before: Object, after: Object, route: Route) -> Iterator[SchemaChange]:
    yield from _below("items", before, after, route)
    old = cast(list[Value], before.get("prefixItems") or [])
    new = cast(list[Value], after.get("prefixItems") or [])
    if len(old) != len(new):
        yield _change("prefixItems", before, after, route, Effect.OTHER)
        return
    for position, (one, other) in enumerate(zip(old, new, strict=True)):
        yield from schema_changes(one, other, (*route, "prefixItems", position))


def _rest(before: Object, after: Object, route: Route) -> Iterator[SchemaChange]:
    """Keywords that nothing above understands: any difference may admit other values."""
    for key in sorted((before.keys() | after.keys()) - _COMPARED):
        if (key in before) != (key in after) or not same(before.get(key), after.get(key)):
            effect = Effect.WORDS if key.startswith("x-") else Effect.OTHER
            yield _change(key, before, after, route, effect)
