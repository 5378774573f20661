"""Keywords of a JSON Schema that are spelled nearly like a known one: a validator passes over them in silence.

Source: the meta-schema of JSON Schema 2020-12, and what SPEC accepts beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from registry_tool.core.suggest import nearest
from registry_tool.core.values import Frozen, Route, Value

_IN_ONE = frozenset(
    {"additionalProperties", "items", "contains", "not", "if", "then", "else", "propertyNames"}
    | {"unevaluatedItems", "unevaluatedProperties", "contentSchema"}
)
_IN_LIST = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_IN_MAP = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
_PLAIN = frozenset(
    {"type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
    | {"multipleOf", "minLength", "maxLength", "pattern", "format", "minItems", "maxItems"}
    | {"uniqueItems", "minContains", "maxContains", "required", "minProperties", "maxProperties"}
    | {"dependentRequired", "title", "description", "default", "examples", "deprecated"}
    | {"readOnly", "writeOnly", "contentEncoding", "contentMediaType", "min", "max", "nullable"}
    | {"$id", "$schema", "$ref", "$anchor", "$comment", "$dynamicRef", "$dynamicAnchor"}
    | {"$vocabulary", "dependencies", "id", "name", "strict", "schema", "json_schema", "example"}
)
KNOWN = _PLAIN | _IN_ONE | _IN_LIST | _IN_MAP
"""Keywords that mean something here."""

_NEAR = 0.85  # `difflib`'s ratio: one slip in a word of six letters
_MOST = 25
_DEEPEST = 64


def misspelt(schema: Frozen) -> Iterator[tuple[Route, str]]:
    """Keywords that are almost known ones, each with its route inside the schema and the one that is meant."""
    found = ((route, _nearest(key)) for route, key, _ in _keywords(dict(schema), ()))
    yield from islice(((route, near) for route, near in found if near), _MOST)


def min_and_max(schema: Frozen) -> Iterator[Route]:
    """Where numbers stand at `min` and `max`, which are compiled to `minimum` and `maximum`."""
    for route, key, value in _keywords(dict(schema), ()):
        if key in {"min", "max"} and isinstance(value, int | float) and not isinstance(value, bool):
            yield route


def without_keywords(schema: Frozen) -> bool:
    """Whether a schema has keys and none of them is known, so that it asks for nothing."""
    return bool(schema) and not KNOWN & schema.keys()


def _keywords(schema: Value, route: Route) -> Iterator[tuple[Route, str, Value]]:
    """Route, word and value of every keyword at every depth; not names of properties."""
    if not isinstance(schema, dict) or len(route) > _DEEPEST:
        return
    for key, below in schema.items():
        yield (*route, key), key, below
        if key in _IN_ONE:
            yield from _keywords(below, (*route, key))
        elif key in _IN_LIST and isinstance(below, list):
            for position, one in enumerate(below):
                yield from _keywords(one, (*route, key, position))
        elif key in _IN_MAP and isinstance(below, dict):
            for name, one in below.items():
                yield from _keywords(one, (*route, key, name))


def _nearest(key: str) -> str:
    """The keyword that is meant: but for case, or for a slip; own keys start with x-."""
    if key in KNOWN or key.startswith("x-") or len(key) > 40:
        return ""
    lower = {word.lower(): word for word in KNOWN}
    return lower.get(nearest(key.lower().replace("_", ""), lower, _NEAR), "")
