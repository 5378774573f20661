"""The grammar's language is JSON of the schema's shape; here it is matched by a tiny reader of GBNF."""

from __future__ import annotations

import json

import pytest

from registry_tool.engine.providers.models.gbnf import grammar

SENTIMENT = {
    "type": "object",
    "properties": {
        "label": {"type": "string", "enum": ["positive", "negative"]},
        "score": {"type": "number", "minimum": -1, "maximum": 1},
    },
}


def root(schema: object) -> str:
    return grammar(schema).splitlines()[0]  # type: ignore[arg-type]


def test_an_object_names_its_properties_in_order_without_white_space() -> None:
    assert root(SENTIMENT) == (
        'root ::= ("{" "\\"label\\"" ":" ("\\"positive\\"" | "\\"negative\\"") "," "\\"score\\"" ":" '
        '("-"? ("0" ("." [0-9]{1,2})? | "1" (".0")?)) "}")'
    )


def test_the_items_of_lists_have_rules_of_their_own() -> None:
    inner = {"type": "array", "items": {"type": "string"}}
    lines = grammar({"type": "array", "items": inner, "maxItems": 2}).splitlines()
    assert lines[:3] == [
        'root ::= ("[" (item1 ("," item1){0,1})? "]")',
        'item0 ::= ("\\"" char{0,400} "\\"")',
        'item1 ::= ("[" (item0 ("," item0){0,11})? "]")',
    ]


@pytest.mark.parametrize(
    ("schema", "part"),
    [
        ({"type": "number", "minimum": 0, "maximum": 1}, '( ("0"'),
        ({"type": "integer", "minimum": 0, "maximum": 150}, '"0" | [1-9] [0-9]{0,2}'),
        ({"type": "number", "minimum": -5, "maximum": -1}, '("-" [0-9]'),
        ({"type": "integer"}, "root ::= integer"),
        ({"type": "string", "maxLength": 8}, "char{0,8}"),
        ({"type": "string", "maxLength": 10**6}, "char{0,400}"),
        ({"type": "array", "items": {"type": "boolean"}, "maxItems": 3}, "{0,2}"),
        ({"type": "array", "minItems": 2, "maxItems": 2}, "{1,1}"),
        ({"type": ["string", "null"]}, "| null)"),
        ({"const": 'a"b'}, '"\\"a\\\\\\"b\\""'),
        ({"anyOf": [{"type": "boolean"}, {"type": "null"}]}, "(boolean | null)"),
        ({}, "root ::= any4"),
        ({"properties": {"a": {}}}, '"\\"a\\""'),
    ],
)
def test_a_keyword_is_said(schema: dict[str, object], part: str) -> None:
    assert part in root(schema)


@pytest.mark.model
def test_the_model_obeys_it() -> None:
    import asyncio

    from registry_tool.engine.providers.models.base import Message, ModelRequest
    from registry_tool.engine.providers.models.local import LocalProvider

    request = ModelRequest(
        "any", (Message("user", "How do you like rain?"),), schema=SENTIMENT, max_tokens=60
    )
    answer = asyncio.run(LocalProvider().complete(request))
    value = json.loads(answer.text)
    assert value.keys() == {"label", "score"}
    assert -1 <= value["score"] <= 1
    assert answer.usage.output_tokens > 0
