"""JSON inside texts: found, whatever stands around it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.assertions.json_text import objects_in, parsed_or_text

OBJECTS = st.dictionaries(
    st.sampled_from("ab"),
    st.none()
    | st.integers()
    | st.text('{}[]"\\x', max_size=4)
    | st.lists(st.integers(), max_size=2),
    max_size=2,
)


@given(st.lists(OBJECTS, max_size=4), st.sampled_from([" ", " and ", "\n", "} ", "é"]))
def test_every_object_is_found_in_its_order(values: list[Any], between: str) -> None:
    text = "So: " + between.join(map(json.dumps, values)) + " done"
    assert list(objects_in(text)) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('{"a": {"b": 1}}', [{"a": {"b": 1}}]),  # what lies in another one is not told apart
        ('{broken {"a": 1}', [{"a": 1}]),
        ('[{"a": 1}, 2]', [[{"a": 1}, 2]]),  # the text itself is JSON
        ('[broken {"a": 1}', [{"a": 1}]),
        ("5", []),
        ("", []),
    ],
)
def test_what_counts_as_one(text: str, values: list[Any]) -> None:
    assert list(objects_in(text)) == values


@pytest.mark.parametrize(
    ("value", "read"), [("[1]", [1]), ("x", "x"), ("5", 5), ([1], [1]), ("null", "null")]
)
def test_a_text_that_is_json_is_its_value(value: Any, read: Any) -> None:
    assert parsed_or_text(value) == read
