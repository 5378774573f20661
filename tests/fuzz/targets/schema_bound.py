"""The bound on a stranger's JSON Schema: what passes it judges a small value in bounded steps and time.

An input is `{"schema": …, "value": …}`. The steps of a value are counted here once more, by walking schema and
value together with nothing left out; the bound, which knows only the schema, must not be below them.
"""

from __future__ import annotations

import copy
import json
import random
from typing import Any

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.manifest.json_schema.bounds import form_problems, parts_of, pointer_of
from registry_tool.manifest.json_schema.cost import (
    MOST_STEPS,
    ChainError,
    CircularError,
    SchemaCost,
    measure,
)
from registry_tool.manifest.json_schema.misfit import misfit
from tests.fuzz import mutations, seeds
from tests.fuzz.target import Target

_MOST = 2_000_000
_SMALL = 100  # parts of a value
_IN_PLACE = ("allOf", "anyOf", "oneOf")
_BELOW = ("properties", "patternProperties")
_NAMES = ("a", "b", "p0", "items", "$ref", "contains", "0", "a/b", "~", "%25")


class _TooManyError(Exception):
    """The walk is longer than any bound allows."""


def check(data: bytes) -> None:
    """Refused with a reason, or validated in bounded steps; and the bound grows with the schema."""
    try:
        case: Any = parse_json(data, location="input")
    except RegistryError:
        return
    if not isinstance(case, dict) or not isinstance(case.get("schema"), dict):
        return
    schema, value = case["schema"], case.get("value")
    _told_well(schema)
    try:
        misfit(value, schema)
    except ValueError as error:
        assert str(error), "a refusal without a reason"
        return
    parts = parts_of(schema)
    assert not list(form_problems(parts)), "validated with, but its form is refused"
    _bounded(schema, value)
    _monotone(schema)


def _told_well(schema: dict[str, Any]) -> None:
    for problem in form_problems(parts_of(schema)):
        assert problem.message and problem.help, "a problem without a reason or a way out"
        here: Any = schema
        for step in problem.route:
            here = here[step]


def _bounded(schema: dict[str, Any], value: Any) -> None:
    """What this value takes is within the bound for values of its depth."""
    depth, count = measure(value)
    if count > _SMALL:
        return
    bound = SchemaCost(parts_of(schema)).steps(depth)
    try:
        took = _Walk(schema).steps(schema, value)
    except _TooManyError:
        took = _MOST
    most = min(bound, MOST_STEPS) * count
    assert took <= most, f"takes {took} steps, more than {bound} steps × {count} parts"


def _monotone(schema: dict[str, Any]) -> None:
    """Deeper values and larger schemas never cost less."""
    try:
        one = _cost(schema, 3)
        assert one <= _cost(schema, 4), "a deeper value costs less"
        moved = _moved(copy.deepcopy(schema))
        wrapped = {"allOf": [moved, True]}
        assert one <= _cost(wrapped, 3), "a schema around it costs less"
        assert one <= _cost({**schema, "not": schema.get("not", {})}, 3), "one more word costs less"
    except (CircularError, ChainError):
        return


def _cost(schema: dict[str, Any], depth: int) -> int:
    return SchemaCost(parts_of(schema)).steps(depth)


def _moved(schema: Any) -> Any:
    """The schema with its references made right for the place `#/allOf/0`."""
    if isinstance(schema, list):
        return [_moved(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    moved = {key: _moved(item) for key, item in schema.items()}
    for key in ("$ref", "$dynamicRef", "$recursiveRef"):
        if isinstance(moved.get(key), str) and moved[key].startswith("#"):
            moved[key] = f"#/allOf/0{moved[key][1:]}"
    return moved


class _Walk:
    """Looks at a value with every subschema that can be asked about it, choices and all."""

    def __init__(self, root: dict[str, Any]) -> None:
        self._root, self._taken = root, 0

    def steps(self, schema: Any, value: Any) -> int:
        """How many subschemas are looked at, the value's parts included."""
        self._taken += 1
        if self._taken > _MOST:
            raise _TooManyError
        if not isinstance(schema, dict):
            return self._taken
        for below in self._in_place(schema):
            self.steps(below, value)
        if isinstance(value, dict):
            self._properties(schema, value)
        if isinstance(value, list):
            self._items(schema, value)
        return self._taken

    def _in_place(self, schema: dict[str, Any]) -> list[Any]:
        found = [one for word in _IN_PLACE for one in _list(schema.get(word))]
        found += [schema[word] for word in ("not", "if", "then", "else") if word in schema]
        found += list(_dict(schema.get("dependentSchemas")).values())
        for word in ("$ref", "$dynamicRef"):
            if isinstance(schema.get(word), str):
                found.append(self._target(schema[word]))
        return found

    def _target(self, reference: str) -> Any:
        here: Any = self._root
        for step in pointer_of(reference) or ():
            here = here[int(step)] if isinstance(here, list) else here[step]
        return here

    def _properties(self, schema: dict[str, Any], value: dict[str, Any]) -> None:
        for name, item in value.items():
            for one in (_dict(schema.get("properties")).get(name),):
                if one is not None:
                    self.steps(one, item)
            for one in _dict(schema.get("patternProperties")).values():
                self.steps(one, item)
            for word in ("additionalProperties", "unevaluatedProperties"):
                if word in schema:
                    self.steps(schema[word], item)
            if "propertyNames" in schema:
                self.steps(schema["propertyNames"], name)

    def _items(self, schema: dict[str, Any], value: list[Any]) -> None:
        first = _list(schema.get("prefixItems"))
        for at, item in enumerate(value):
            if at < len(first):
                self.steps(first[at], item)
            for word in ("items", "contains", "unevaluatedItems"):
                if word in schema:
                    self.steps(schema[word], item)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _made(rng: random.Random) -> Any:
    """A small schema, or a value."""
    one = {"type": rng.choice(("string", "object", "array", "integer"))}
    name, many = rng.choice(_NAMES), rng.randint(1, 12)
    return rng.choice(
        (
            *(one, True, False, {}, [], 1, "a", None, {"a": 1}, [[]], {"a": {"a": {"b": 1}}}),
            {rng.choice(_IN_PLACE): [one] * many},
            {rng.choice(_IN_PLACE): [{"$ref": "#/$defs/a"}] * many},
            {"$defs": {name: one, "a": {"$ref": f"#/$defs/{name}"}}},
            {
                "$ref": rng.choice(
                    ("#", "#/$defs/a", "#/properties/a", "#/allOf/0", "#/a%2Fb", "#a")
                )
            },
            {"$dynamicRef": rng.choice(("#", "#/$defs/a"))},
            {rng.choice(_BELOW): {name: one}},
            {rng.choice(("items", "contains", "unevaluatedItems", "additionalProperties")): one},
            {
                rng.choice(
                    ("unevaluatedProperties", "propertyNames", "not", "if", "then", "else")
                ): one
            },
            {"dependentSchemas": {name: one}, "dependentRequired": {name: ["a"]}},
            {"prefixItems": [one] * many, "minItems": many},
            {"enum": [1, {"a": [1]}, None] * many, "const": {"$ref": "#"}},
            {"pattern": rng.choice(("(a+)+$", "(.{1,200}){1,200}", "[^", "(?=a)", "a{5000}"))},
            {"$id": rng.choice(("urn:a", "a.json", "http://[")), "$anchor": name},
            {"multipleOf": rng.choice((0, 1e-300, 3, -1)), "maximum": 1e308, "uniqueItems": True},
            {"format": rng.choice(("regex", "date", "uri", "idn-email", "uuid"))},
        )
    )


def _seeds() -> dict[str, bytes]:
    found = {}
    for key in ("schema", "input_schema", "parameters", "json_schema"):
        for number, (where, schema) in enumerate(seeds.objects_under(key)):
            case = {"schema": schema, "value": {"a": [1, "b"]}}
            found[f"{where}:{key}:{number}"] = json.dumps(case).encode()
    deep: dict[str, Any] = {}
    for _ in range(5):
        deep = {"allOf": [deep], "unevaluatedProperties": False, "properties": {"a": True}}
    tree = {"properties": {"a": {"$ref": "#"}}, "items": {"$ref": "#"}}
    for name, schema in {"rest of the rest": deep, "tree": tree, "any": {}}.items():
        case = {"schema": schema, "value": {"a": {"a": [1]}}}
        found[name] = json.dumps(case).encode()
    return seeds.small(found, TARGET.largest)


TARGET = Target(
    "schema-bound",
    "registry_tool/manifest/json_schema/bounds.py, json_schema/cost.py, misfit.py",
    check,
    _seeds,
    tuple(
        f'"{word}": '
        for word in (*_IN_PLACE, *_BELOW, "$ref", "$defs", "items", "not", "if", "enum")
    ),
    mutations.json_by(_made),
)
