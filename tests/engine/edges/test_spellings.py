"""The editor's spellings, and the one form that each is brought into."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.edges.spellings import (
    first_words,
    listed,
    lowered,
    names,
    only_key,
    raised,
)

VALUES = st.none() | st.integers() | st.text(max_size=3) | st.lists(st.text(max_size=2), max_size=2)


@pytest.mark.parametrize(
    ("value", "found"),
    [({"openai/gpt-4o": {}}, "openai/gpt-4o"), ({}, ""), ("gpt-4o", "gpt-4o"), (None, None)],
)
def test_a_name_may_be_an_object_s_only_key(value: Any, found: Any) -> None:
    assert only_key(value) == found


@given(VALUES)
def test_a_list_is_a_list_and_anything_else_a_list_of_one(value: Any) -> None:
    assert listed(value) == (value if isinstance(value, list) else [value])
    assert listed(listed(value)) == listed(value)


@pytest.mark.parametrize(
    ("value", "found"),
    [({"a": "Label", "b": "Other"}, ["a", "b"]), ("a", ["a"]), (["a", "b"], ["a", "b"]), ({}, [])],
)
def test_blocks_are_named_one_by_one_or_with_their_labels(value: Any, found: Any) -> None:
    assert names(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ([["h1", "Header 1"], ["p", "Text"]], ["h1", "p"]),
        (["h1", "p"], ["h1", "p"]),
        ([[]], [""]),
        ("h1", []),
        (None, []),
    ],
)
def test_tags_come_alone_or_with_their_labels(value: Any, found: Any) -> None:
    assert first_words(value) == found


def test_words_in_either_case() -> None:
    assert (lowered("GET"), raised("get"), lowered(None)) == ("get", "GET", "none")
