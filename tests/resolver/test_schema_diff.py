from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from registry_tool.resolver.schema_diff import Effect, schema_changes

N, W, O = Effect.NARROWER, Effect.WIDER, Effect.OTHER  # noqa: E741 - read beside the schemas


@pytest.mark.parametrize(
    ("old", "new", "effect", "where"),
    [
        ({"type": "integer"}, {"type": "number"}, W, "type"),
        ({"type": "number"}, {"type": "integer"}, N, "type"),
        ({"type": "string"}, {"type": "integer"}, O, "type"),
        ({}, {"type": "string"}, N, "type"),
        ({"type": ["string", "null"]}, {"type": "string"}, N, "type"),
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, N, "enum"),
        ({"enum": ["a"]}, {"enum": ["b", "a"]}, W, "enum"),
        ({"enum": ["a"]}, {"enum": ["b"]}, O, "enum"),
        ({"enum": ["a"]}, {}, W, "enum"),
        ({"enum": ["a", "b"]}, {"const": "a"}, N, "const"),
        ({"minimum": 0}, {"minimum": 1}, N, "minimum"),
        ({"minimum": 0}, {"exclusiveMinimum": 0}, N, "minimum"),
        ({"maximum": 9}, {"maximum": 10}, W, "maximum"),
        ({"exclusiveMaximum": 9}, {"exclusiveMaximum": 8}, N, "exclusiveMaximum"),
        ({"minLength": 0}, {"minLength": 1}, N, "minLength"),
        ({"maxItems": 3}, {}, W, "maxItems"),
        ({"multipleOf": 2}, {"multipleOf": 4}, N, "multipleOf"),
        ({"multipleOf": 4}, {"multipleOf": 2}, W, "multipleOf"),
        ({"multipleOf": 2}, {"multipleOf": 3}, O, "multipleOf"),
        ({"uniqueItems": True}, {}, W, "uniqueItems"),
        ({"pattern": "a"}, {"pattern": "b"}, O, "pattern"),
        ({}, {"format": "email"}, N, "format"),
        ({"additionalProperties": False}, {}, W, "additionalProperties"),
        ({"items": {"type": "string"}}, {"items": {}}, W, "items.type"),
        ({"not": {"type": "null"}}, {}, O, "not"),
        ({"anyOf": [{"type": "null"}]}, {"anyOf": [{"type": "null"}, {"const": 1}]}, W, "anyOf"),
        ({"allOf": [{"minimum": 1}]}, {"allOf": [{"minimum": 1}, {"maximum": 2}]}, N, "allOf"),
        ({"prefixItems": [{}]}, {"prefixItems": [{}, {}]}, O, "prefixItems"),
        (
            {"properties": {"a": {"properties": {"b": {"type": "integer"}}}}},
            {"properties": {"a": {"properties": {"b": {"type": "number"}}}}},
            W,
            "properties.a.properties.b.type",
        ),
        ({"properties": {}}, {"properties": {"a": {}}}, Effect.ADDED, "properties.a"),
        ({"properties": {"a": {}}}, {"properties": {}}, Effect.REMOVED, "properties"),
        ({"required": ["a"]}, {"required": ["a", "b"]}, N, "required"),
        ({"required": ["a"]}, {}, W, "required"),
        ({"default": 1}, {"default": True}, Effect.DEFAULT, "default"),
        ({"title": "a"}, {"title": "b"}, Effect.WORDS, "title"),
        ({"title": "a"}, {"x-own": 1, "title": "a"}, Effect.WORDS, "x-own"),
    ],
)
def test_one_keyword(old: Any, new: Any, effect: Effect, where: str) -> None:
    changes = list(schema_changes(old, new))
    assert [(c.effect, ".".join(map(str, c.route))) for c in changes] == [(effect, where)]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 6) | st.sampled_from([0.5, 2.5, "", "a", "ab"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("pq"), inner),
    max_leaves=5,
)


def schemas() -> st.SearchStrategy[Any]:
    types = ["null", "boolean", "integer", "number", "string", "array", "object"]
    leaf = st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(types)
            | st.lists(st.sampled_from(types), min_size=1, unique=True),
            "enum": st.lists(VALUES, min_size=1, max_size=3),
            "minimum": st.integers(-2, 3),
            "exclusiveMinimum": st.integers(-2, 3),
            "maximum": st.integers(-2, 5),
            "minLength": st.integers(0, 2),
            "maxItems": st.integers(0, 2),
            "multipleOf": st.integers(1, 4),
            "uniqueItems": st.booleans(),
            "pattern": st.sampled_from(["a", "b"]),
            "required": st.lists(st.sampled_from("pq"), unique=True),
        },
    )
    return st.recursive(
        leaf | st.booleans(),
        lambda inner: st.fixed_dictionaries(
            {},
            optional={
                "type": st.sampled_from(types),
                "items": inner,
                "properties": st.dictionaries(st.sampled_from("pq"), inner),
                "additionalProperties": inner,
                "anyOf": st.lists(inner, min_size=1, max_size=2),
                "allOf": st.lists(inner, min_size=1, max_size=2),
                "not": inner,
            },
        ),
        max_leaves=4,
    )


SCHEMAS = schemas()
ANOTHER = {Effect.ADDED, Effect.REMOVED}


@given(SCHEMAS)
def test_a_schema_does_not_differ_from_itself(schema: Any) -> None:
    assert not list(schema_changes(schema, schema))


@given(SCHEMAS, SCHEMAS, VALUES)
def test_without_a_narrowing_every_old_value_still_fits(old: Any, new: Any, value: Any) -> None:
    effects = {change.effect for change in schema_changes(old, new)}
    assume(not effects & {N, O, *ANOTHER})
    if Draft202012Validator(old).is_valid(value):
        assert Draft202012Validator(new).is_valid(value)


@given(SCHEMAS, SCHEMAS)
def test_the_way_back_has_the_opposite_effect(old: Any, new: Any) -> None:
    turned = {N: W, W: N, Effect.ADDED: Effect.REMOVED, Effect.REMOVED: Effect.ADDED}
    there = {change.effect for change in schema_changes(old, new)}
    back = {change.effect for change in schema_changes(new, old)}
    assert {turned.get(effect, effect) for effect in there} == back
