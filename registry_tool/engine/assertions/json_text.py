"""Assertions on JSON: is-json and contains-json, each with a JSON Schema as its value where one is wanted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from registry_tool.core.values import Frozen, Value
from registry_tool.engine.assertions.base import AssertionFormError, plain, short
from registry_tool.manifest.json_schema.misfit import misfit

_MOST_STARTS = 1_000  # places where an object may begin
_LONGEST = 1_000_000


def _is_json(value: Value, form: Frozen) -> str | None:
    if isinstance(value, str):
        try:
            value = cast(Value, json.loads(value))
        except (ValueError, RecursionError) as error:
            return f"it is not JSON: {error}"
    return _misfit(value, form)


def _contains_json(value: Value, form: Frozen) -> str | None:
    found = list(objects_in(value)) if isinstance(value, str) else [value]
    reasons = [_misfit(item, form) for item in found]
    if not reasons:
        return "no JSON object is in it"
    return None if None in reasons else reasons[0]


def objects_in(text: str) -> Iterator[Value]:
    """Every JSON object in a text that lies in no other one; or the text itself where all of it is JSON."""
    text = text[:_LONGEST]
    decoder = json.JSONDecoder()
    at, starts = text.find("{"), 0
    whole = text.lstrip()[:1] == "["
    if whole and (value := _whole(text)) is not None:
        yield value
        return
    while at != -1 and starts < _MOST_STARTS:
        starts += 1
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield value
        at = text.find("{", end)


def parsed_or_text(value: Value) -> Value:
    """A text that is JSON as its value; everything else as it is."""
    if not isinstance(value, str):
        return value
    read = _whole(value)
    return value if read is None else read


def _whole(text: str) -> Value:
    try:
        return cast(Value, json.loads(text))
    except (ValueError, RecursionError):
        return None


def _misfit(value: Value, form: Frozen) -> str | None:
    schema = form.get("value")
    if schema is None:
        return None
    if isinstance(schema, str):  # promptfoo takes the schema as text, too
        schema = _whole(schema)
    if not isinstance(schema, dict):
        raise AssertionFormError(f"the value of {form.get('type')} is a JSON Schema")
    try:
        wrong = misfit(value, schema)
    except ValueError as broken:
        raise AssertionFormError(f"this is not a JSON Schema: {broken}") from None
    return f"it does not fit the schema: {short(wrong)}" if wrong else None


IS_JSON = plain("is-json", _is_json)
CONTAINS_JSON = plain("contains-json", _contains_json)
