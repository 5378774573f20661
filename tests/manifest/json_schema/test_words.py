"""Misspelt keywords of a JSON Schema."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from registry_tool.core.values import Object, Route
from registry_tool.manifest.json_schema.words import KNOWN, min_and_max, misspelt, without_keywords


@pytest.mark.parametrize(
    ("schema", "route", "meant"),
    [
        ({"maxlength": 3}, ("maxlength",), "maxLength"),
        ({"tpye": "string"}, (), ""),
        ({"max_length": 3}, ("max_length",), "maxLength"),
        ({"requred": ["a"]}, ("requred",), "required"),
        ({"properties": {"maxlength": {"minimun": 1}}}, ("properties", "maxlength", "minimun"), ""),
        ({"items": {"anyOf": [{}, {"patern": "a"}]}}, ("items", "anyOf", 1, "patern"), "pattern"),
        ({"x-maxlength": 3}, (), ""),
        ({"label": "Text", "ui:widget": "area"}, (), ""),
        ({"enum": ["maxlength"], "default": {"maxlength": 1}}, (), ""),
    ],
)
def test_what_is_nearly_a_keyword_is_reported(schema: Object, route: Route, meant: str) -> None:
    found = dict(misspelt(schema))
    assert list(found) == ([route] if route else [])
    assert meant in "".join(found.values())


def test_every_keyword_of_the_meta_schema_is_known() -> None:
    assert Draft202012Validator.VALIDATORS.keys() <= KNOWN


def test_a_schema_of_strange_keys_alone_asks_for_nothing() -> None:
    assert without_keywords({"shcema": {"type": "object"}})
    assert not without_keywords({})
    assert not without_keywords({"type": "object", "strange": 1})


def test_min_and_max_are_found_where_they_bound_numbers() -> None:
    schema: Object = {
        "properties": {"min": {"type": "number", "min": 0, "max": 1}},
        "items": {"min": "not a number", "default": {"max": 3}},
    }
    assert [*min_and_max(schema)] == [("properties", "min", "min"), ("properties", "min", "max")]
