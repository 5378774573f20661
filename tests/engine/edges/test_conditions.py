"""Conditions of `branch` and `loop`: the editor's names, read from left to right."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError
from registry_tool.engine.edges.conditions import CONDITIONS, Condition
from registry_tool.engine.edges.conditions import holds as holds_typed
from registry_tool.engine.edges.config import typed
from registry_tool.manifest.model import Block, Edge


def holds(conditions: list[Object], call: EdgeCall) -> bool:
    """As the edges ask it."""
    return holds_typed([typed(Condition, form) for form in conditions], call)


@pytest.mark.parametrize(
    ("condition", "value", "content", "wanted"),
    [
        ("is_empty", None, "", True),
        ("is_empty", None, 0, True),
        ("is_not_empty", None, [1], True),
        ("contain", "b", "abc", True),
        ("contain", None, "abc", False),
        ("contain", "v", {"k": "v"}, True),
        ("not_contain", "k", {"k": "v"}, False),
        ("greater_than_n_chars", 2, "abc", True),
        ("greater_than_n_chars", 2, [1, 2, 3], False),
        ("less_than_n_chars", 2, "a", True),
        ("is", "a", "a", True),
        ("is_not", 1, 1, False),
        ("is_list", None, [], True),
        ("is_dict", None, [], False),
        ("greater_than_n", 1, [1, 2], True),
        ("greater_than_n", 1, "long text", False),
        ("less_than_n", 3, {"a": 1}, True),
        ("greater_than_n", 3, 4, True),
        ("greater_than_n", 3, 2.5, False),
        ("less_than_n", 3, -4, True),
        ("less_than_n", 3, True, False),
        ("above", 3, 4, True),
        ("below", 3, "2", False),
    ],
)
def test_conditions(condition: str, value: Value, content: Value, wanted: bool) -> None:
    made = EdgeCall(Edge("e", "branch", ("a",), ()), {"a": content}, {}, (Block("a", "text"),))
    one: Object = {
        "block": "a",
        "condition": condition,
        "parameters": {"value": value},
        "operation": "/",
    }
    assert holds([one], made) is wanted


def test_conditions_are_read_from_left_to_right() -> None:
    made = EdgeCall(Edge("e", "branch", ("a",), ()), {"a": "x"}, {}, (Block("a", "text"),))

    def one(wanted: str, join: str) -> Object:
        return {"block": "a", "condition": "is", "parameters": {"value": wanted}, "operation": join}

    assert holds([one("x", "or"), one("y", "and"), one("y", "/")], made) is False
    assert holds([one("y", "and"), one("y", "or"), one("x", "/")], made) is True
    assert holds([], made) is False
    with pytest.raises(EdgeError, match="not a source"):
        holds([{"block": "b", "condition": "is_empty"}], made)


def said(content: Value, condition: str, wanted: Any = None, **more: Any) -> bool:
    block = Block("a", "text", label="A")
    made = EdgeCall(Edge("e", "branch", ("a",), ()), {"a": content}, {}, (block,))
    form = {"block": "a", "condition": condition, "parameters": {"value": wanted}, **more}
    return holds([form], made)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "a", "ab", "1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=4,
)


@given(VALUES, VALUES)
def test_each_pair_says_the_opposite(content: Value, wanted: Value) -> None:
    pairs = [("is_empty", "is_not_empty"), ("is", "is_not"), ("contain", "not_contain")]
    for one, other in pairs:
        assert said(content, one, wanted) is not said(content, other, wanted)


@given(VALUES, st.sampled_from(sorted(CONDITIONS)), VALUES)
def test_whatever_is_compared_there_is_a_verdict_or_a_reason(
    content: Value, condition: str, wanted: Value
) -> None:
    try:
        assert isinstance(said(content, condition, wanted), bool)
    except EdgeError as error:
        assert "is not a number" in error.reason


@given(st.integers(-3, 3), st.integers(-3, 3))
def test_numbers_are_above_below_or_the_same(one: int, other: int) -> None:
    verdicts = [said(one, condition, other) for condition in ("above", "below", "is")]
    assert verdicts.count(True) == 1
    assert said(one, "above", str(other)) is verdicts[0]


def test_a_path_looks_inside_and_leads_nowhere_quietly() -> None:
    content: Value = {"score": {"n": 3}, "tags": ["x"]}
    assert said(content, "above", 2, path="score.n")
    assert said(content, "is", "x", path="tags.0")
    assert said(content, "is_empty", path="score.other")
    assert said(content, "is_empty", path="tags.²")


def test_a_block_may_be_named_by_its_label() -> None:
    assert said("x", "is", "x", block="A")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"block": "b"}, "not a source of the edge"),
        ({"condition": "above", "parameters": {"value": "ten"}}, "'ten' is not a number"),
    ],
)
def test_what_makes_no_sense_is_reported(form: Object, expected: str) -> None:
    made = EdgeCall(Edge("e", "branch", ("a",), ()), {"a": 1}, {}, (Block("a", "text"),))
    with pytest.raises(EdgeError, match=expected):
        holds([{"block": "a", "condition": "is_empty", **form}], made)
