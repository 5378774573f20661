"""Two schemas for one value: joined where keywords can be, and told apart where nothing can fit both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.values import Object, Value
from registry_tool.manifest.json_schema.meet import contradiction, met
from registry_tool.manifest.json_schema.misfit import misfit

CLASHES: list[tuple[Object, Object, str]] = [
    ({"type": "string"}, {"type": "object"}, "one wants string, the other object"),
    ({"enum": ["a"]}, {"enum": ["b"]}, 'none of the values "a" fits the other schema'),
    ({"const": 3}, {"maximum": 2}, "none of the values 3 fits the other schema"),
    (
        {"type": "number", "minimum": 2},
        {"type": "integer", "exclusiveMaximum": 2},
        "no number is from 2 on and up to 2",
    ),
    (
        {"type": "string", "minLength": 3},
        {"maxLength": 2},
        "at least 3 characters and at most 2 can't both be",
    ),
    (
        {"type": "object", "required": ["a"]},
        {"properties": {"b": {}}, "additionalProperties": False},
        "the property 'a' is wanted by one and forbidden by the other",
    ),
    (
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
        {"properties": {"a": {"type": "number"}}},
        "a: one wants string, the other number",
    ),
    (
        {"type": "array", "items": {"type": "string"}},
        {"items": {"type": "null"}},
        "[]: one wants string, the other null",
    ),
]


@pytest.mark.parametrize(("one", "other", "reason"), CLASHES)
def test_what_nothing_fits_is_said(one: Object, other: Object, reason: str) -> None:
    assert contradiction(one, other) == reason
    assert contradiction(other, one)


def test_properties_that_a_model_must_give_count_as_wanted() -> None:
    one: Object = {"type": "object", "properties": {"a": {}}}
    other: Object = {"type": "object", "properties": {"b": {}}, "additionalProperties": False}
    assert contradiction(one, other) == ""
    assert "'a' is wanted by one" in contradiction(one, other, whole=True)


def test_plain_keywords_are_joined() -> None:
    assert met({}, {"type": "object"}) == {"type": "object"}
    assert met({"type": "number", "minimum": 1}, {"type": "integer", "minimum": 2}) == {
        "type": "integer",
        "minimum": 2,
    }
    assert met({"properties": {"a": {}}}, {"properties": {"a": {"type": "string"}, "b": {}}}) == {
        "properties": {"a": {"type": "string"}, "b": {}}
    }
    assert met({"pattern": "a"}, {"pattern": "b"}) == {"pattern": "a", "allOf": [{"pattern": "b"}]}


SCALARS: st.SearchStrategy[Value] = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["", "a", "bb"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=4,
)
KEYWORDS: st.SearchStrategy[Object] = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(
            ["string", "number", "integer", "object", "array", ["null", "number"]]
        ),
        "enum": st.lists(SCALARS, min_size=1, max_size=3, unique_by=repr),
        "minimum": st.integers(-3, 3),
        "exclusiveMaximum": st.integers(-3, 3),
        "minLength": st.integers(0, 2),
        "maxLength": st.integers(0, 2),
        "maxItems": st.integers(0, 2),
        "required": st.lists(st.sampled_from("ab"), unique=True, max_size=2),
        "additionalProperties": st.just(False),
        "properties": st.dictionaries(
            st.sampled_from("ab"),
            st.sampled_from([{"type": "string"}, {"type": "number"}, {"minimum": 0}, {}]),
            max_size=2,
        ),
    },
)


@given(VALUES, KEYWORDS, KEYWORDS)
def test_a_value_fits_both_exactly_where_it_fits_them_met(
    value: Value, one: Object, other: Object
) -> None:
    both = misfit(value, one) is None and misfit(value, other) is None
    assert (misfit(value, met(one, other)) is None) is both
    if both and not isinstance(value, list):  # an empty list fits whatever its items' schemas say
        assert contradiction(one, other) == ""


def test_the_form_that_a_schema_names_gives_no_part_another_meaning() -> None:
    old: Object = {"$schema": "http://json-schema.org/draft-04/schema#", "pattern": "^a"}
    new: Object = {"$schema": "https://json-schema.org/draft/2020-12/schema", "pattern": "^b"}
    assert met(new, old) == {**new, "allOf": [{"pattern": "^a"}]}
