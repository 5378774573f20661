from __future__ import annotations

from typing import Any

import pytest

from registry_tool.manifest.flow.text import carries_text

CHOICE: dict[str, Any] = {"type": "string", "enum": ["yes", "no"]}
CLOSED: dict[str, Any] = {
    "type": "object",
    "properties": {"a": CHOICE},
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "number"},
        {"type": ["integer", "null"]},
        {"type": "boolean"},
        {"const": "always this"},
        CHOICE,
        {"type": "array", "items": CHOICE},
        {"type": "array", "maxItems": 0},
        CLOSED,
        {"type": "array", "items": CLOSED},
        {"anyOf": [CHOICE, {"type": "null"}]},
        {"oneOf": [CLOSED, {"type": "number"}]},
        {"allOf": [{"type": "string"}, CHOICE]},
        {"$ref": "#/$defs/way", "$defs": {"way": CHOICE}},
        {"type": "string", "$ref": "#/$defs/way", "$defs": {"way": CHOICE}},
    ],
)
def test_no_words_of_others_fit(schema: dict[str, Any]) -> None:
    assert not carries_text(schema)


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "string"},
        {"type": "string", "maxLength": 20},
        {"type": ["number", "string"]},
        {"type": "array"},
        {"type": "array", "items": {}},
        {"type": "array", "prefixItems": [CHOICE], "items": CHOICE},
        {"type": "object"},
        {"type": "object", "properties": {"a": CHOICE}},
        {"type": "object", "properties": {"a": CHOICE}, "additionalProperties": CHOICE},
        {**CLOSED, "properties": {"a": CHOICE, "why": {"type": "string"}}},
        {**CLOSED, "patternProperties": {"^x": CHOICE}},
        {"anyOf": [CHOICE, {"type": "string"}]},
        {"$ref": "#/$defs/way", "$defs": {"way": {"type": "string"}}},
        {"$ref": "#"},
        {"$ref": "https://example.com/schema"},
    ],
)
def test_words_of_others_fit(schema: dict[str, Any]) -> None:
    assert carries_text(schema)


def test_a_models_answer_has_no_other_properties_than_those_named() -> None:
    open_: dict[str, Any] = {"type": "object", "properties": {"a": CHOICE}}
    assert not carries_text(open_, closed=True)
    assert carries_text({"type": "object"}, closed=True)
    assert carries_text({"anyOf": [open_]}, closed=True)  # which the engine doesn't close


def test_a_schema_that_multiplies_is_text_and_quickly_so() -> None:
    schema: dict[str, Any] = {"$defs": {"0": {"type": "number"}}}
    for level in range(1, 40):
        below = {"$ref": f"#/$defs/{level - 1}"}
        schema["$defs"][str(level)] = {"anyOf": [below, below]}
    assert carries_text({"$ref": "#/$defs/39", **schema})
