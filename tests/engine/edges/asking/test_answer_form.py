"""The form of an answer, in a schema and in words; and answers read by it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Object
from registry_tool.engine.edges.asking.answer_form import (
    closed,
    form,
    loosely_read,
    read_answer,
    wanted_schema,
    wants_text,
    with_form,
)
from registry_tool.engine.edges.base import EdgeCall, EdgeError
from registry_tool.engine.providers.models.base import Message, ModelAnswer, Usage
from registry_tool.manifest.model import Block, Edge


def call(**schemas: Object) -> EdgeCall:
    """An edge with a target for each schema."""
    targets = tuple(
        Block(name, "structured" if schema else "text") for name, schema in schemas.items()
    )
    return EdgeCall(Edge("e", "llm", ("q",), tuple(schemas)), {}, {}, (), targets, schemas)


@pytest.mark.parametrize(
    ("asked", "schemas", "wanted"),
    [
        (False, {"out": {}}, None),
        (False, {"out": {"type": "string", "maxLength": 5}}, None),  # a text is checked afterwards
        (False, {"out": {"type": "string", "enum": ["a"]}}, {"type": "string", "enum": ["a"]}),
        (True, {"out": {}}, {"type": "object"}),
        (False, {"out": {"type": "number"}}, {"type": "number"}),
        (
            False,
            {"a": {"properties": {"x": {"type": "string"}}}, "b": {"required": ["x"]}},
            {
                "type": "object",
                "properties": {"x": {"type": "string"}},
                "required": ["x"],
                "additionalProperties": False,
            },
        ),
    ],
)
def test_the_schema_is_what_was_asked_for_and_what_every_target_wants(
    asked: bool, schemas: dict[str, Object], wanted: Object | None
) -> None:
    assert wanted_schema(call(**schemas), asked) == wanted


def test_schemas_that_no_answer_fits_are_reported_with_the_block() -> None:
    with pytest.raises(EdgeError, match="the schema of the block b") as error:
        wanted_schema(call(a={"type": "number"}, b={"type": "object"}), False)
    assert error.value.location == "config.structured_output"


SCHEMAS: Any = st.recursive(
    st.sampled_from([{"type": "string"}, {"enum": ["a", "b"]}, {"type": "number", "minimum": 0}]),
    lambda inner: (
        st.dictionaries(st.sampled_from("xyz"), inner, max_size=3).map(
            lambda properties: {"type": "object", "properties": properties}
        )
        | inner.map(lambda items: {"type": "array", "items": items})
    ),
    max_leaves=6,
)


def objects(schema: Any) -> list[Any]:
    below = [
        *schema.get("properties", {}).values(),
        *([schema["items"]] if "items" in schema else []),
    ]
    return [schema, *(found for one in below for found in objects(one))]


@given(SCHEMAS)
def test_every_object_of_a_closed_schema_has_all_its_properties_and_no_other(schema: Any) -> None:
    before = repr(schema)
    for one in objects(closed(schema)):
        if one.get("properties"):
            assert one["required"] == sorted(one["properties"])
            assert one["additionalProperties"] is False
            has_choices = ["enum" in below for below in one["properties"].values()]
            assert has_choices == sorted(has_choices, reverse=True), "choices come first"
    assert closed(closed(schema)) == closed(schema)
    assert repr(schema) == before


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"enum": ["a", 1]}, '"a" or 1'),
        ({"properties": {"n": {"type": "integer"}, "l": {"enum": ["é"]}}}, '{"n": integer, "l": "é"}'),
        ({"type": "array", "items": {"type": "string"}}, "[string, …]"),
        ({"type": "array"}, "[value, …]"),
        ({"type": "number", "minimum": -1, "maximum": 1},
         "number from -1 to 1, such as -0.7 or 0.7"),
        ({"type": "integer", "minimum": 0, "maximum": 9}, "integer from 0 to 9"),
        ({"type": "number", "minimum": 0}, "number"),
        ({}, "value"),
    ],
)  # fmt: skip
def test_a_schema_in_words(schema: Frozen, words: str) -> None:
    assert form(schema) == words


def test_the_words_join_the_system_message_or_become_one() -> None:
    user, system = Message("user", "Hi"), Message("system", "Be kind.")
    asked = "Answer with JSON only: number"
    assert with_form([user], {"type": "number"}) == [Message("system", asked), user]
    assert with_form([system, user], {"type": "number"}) == [
        Message("system", f"Be kind.\n{asked}"),
        user,
    ]
    assert with_form([], {}) == [Message("system", "Answer with JSON only.")]


def answer(text: str) -> ModelAnswer:
    return ModelAnswer(text, "m", Usage())


@pytest.mark.parametrize(
    "text", ['{"a": 1}', '  {"a": 1}\n', '```json\n{"a": 1}\n```', '```\n{"a": 1}\n```\nDone.']
)
def test_json_is_read_out_of_its_fence(text: str) -> None:
    assert read_answer(answer(text), {"type": "object"}) == {"a": 1}
    assert loosely_read(text) == {"a": 1}


def test_what_is_no_json_or_does_not_fit_is_reported() -> None:
    with pytest.raises(EdgeError, match="the model's answer is not JSON: 'Sure!"):
        read_answer(answer("Sure! " + "x" * 200), {})
    with pytest.raises(RegistryError, match="the model's answer does not fit"):
        read_answer(answer("[1]"), {"type": "object"})
    assert loosely_read(" just words ") == "just words"


def test_text_is_wanted_where_no_target_is_structured() -> None:
    assert wants_text(call(a={}, b={}))
    assert not wants_text(call(a={}, b={"type": "object"}))
