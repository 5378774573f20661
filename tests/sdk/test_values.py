"""What is given as JSON becomes plain JSON, or is refused with its place."""

from __future__ import annotations

from collections import OrderedDict
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puppyai.workflows import InvalidRequestError
from puppyai.workflows.values import plain, plain_object

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
    max_leaves=20,
)


@given(JSON)
def test_json_stays_as_it_is_and_is_copied(value: Any) -> None:
    assert plain(value, "x") == value
    if isinstance(value, list | dict):
        assert plain(value, "x") is not value


def test_any_sequence_and_mapping_will_do() -> None:
    assert plain((1, range(2), MappingProxyType({"a": OrderedDict(b=())})), "x") == [
        1,
        [0, 1],
        {"a": {"b": []}},
    ]


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"a": [{1, 2}]}, r"x\.a\[0\]: a set is not JSON"),
        ({"a": b"x"}, r"x\.a: a bytes"),
        (float("nan"), "x: nan is not a JSON number"),
        (2**53, r"beyond 2\^53"),
        ({1: 2}, "the key 1 is not a string"),
    ],
)
def test_what_json_cannot_hold_is_named(value: Any, place: str) -> None:
    with pytest.raises(InvalidRequestError, match=place):
        plain(value, "x")


def test_a_circle_ends() -> None:
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(InvalidRequestError, match="deeper than 64"):
        plain(circle, "x")


def test_an_object_is_wanted() -> None:
    with pytest.raises(InvalidRequestError, match="a list is not a mapping"):
        plain_object([1], "inputs")  # type: ignore[arg-type]
