"""Operations on lists and objects, one by one and by their laws."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeError
from registry_tool.engine.edges.config import typed
from registry_tool.engine.edges.text.list_operations import OPERATIONS, ListOperation
from registry_tool.engine.edges.text.list_operations import apply as apply_typed


def apply(content: Value, operations: list[Object]) -> Value:
    """As the edge does it."""
    return apply_typed(content, [typed(ListOperation, form) for form in operations])


@pytest.mark.parametrize(
    ("operation", "params", "wanted"),
    [
        ("get", {"path": ["users", 0, "name"]}, "Ada"),
        ("get", {"path": ["users", "1", "name"], "default": "none"}, "none"),
        ("get", {"path": ["*"]}, {"users": [{"name": "Ada", "n": [3, 1, 2]}]}),
        ("delete", {"path": ["users", 0, "n"]}, {"users": [{"name": "Ada"}]}),
        ("delete", {"path": ["nobody", 3]}, {"users": [{"name": "Ada", "n": [3, 1, 2]}]}),
        (
            "append",
            {"path": ["users", 0, "n"], "value": 9},
            {"users": [{"name": "Ada", "n": [3, 1, 2, 9]}]},
        ),
        (
            "insert",
            {"path": ["users", 0, "n"], "index": 1, "value": 9},
            {"users": [{"name": "Ada", "n": [3, 9, 1, 2]}]},
        ),
        (
            "sort",
            {"path": ["users", 0, "n"], "reverse": True},
            {"users": [{"name": "Ada", "n": [3, 2, 1]}]},
        ),
        (
            "set_value",
            {"path": ["a", "b"], "value": 1},
            {"users": [{"name": "Ada", "n": [3, 1, 2]}], "a": {"b": 1}},
        ),
        ("get_keys", {"max_depth": 2}, [["users", 0]]),
        ("get_values", {}, ["Ada", 3, 1, 2]),
        ("set_operation", {"value1": [1, 2], "value2": [2, 3], "operation": "union"}, [1, 2, 3]),
        ("set_operation", {"value1": [1, 2], "value2": [2, 3], "operation": "difference"}, [1]),
        ("variable_replace", {"plugins": {"x": "y"}}, {"users": [{"name": "Ada", "n": [3, 1, 2]}]}),
    ],
)
def test_operations(operation: str, params: Object, wanted: Value) -> None:
    content: Value = {"users": [{"name": "Ada", "n": [3, 1, 2]}]}
    before = json.dumps(content)
    assert apply(content, [{"type": operation, "params": params}]) == wanted
    assert json.dumps(content) == before, "the source's own value is left alone"


def test_a_path_into_text_is_an_error() -> None:
    with pytest.raises(EdgeError, match="leads into a str"):
        apply({"a": "text"}, [{"type": "get", "params": {"path": ["a", "b"]}}])


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=4), st.integers())
def test_what_is_set_is_got(path: list[str], value: int) -> None:
    done = apply({}, [{"type": "set_value", "params": {"path": list(path), "value": value}}])
    assert apply(done, [{"type": "get", "params": {"path": list(path)}}]) == value


def done(content: Any, kind: str, **params: Any) -> Value:
    return apply(content, [{"type": kind, "params": params}])


@pytest.mark.parametrize(
    ("content", "path", "wanted"),
    [
        ([1], [0], [9]),
        ([1], [-1], [9]),
        ([1], [5], [1]),  # beyond the end of a list nothing is set
        ([], [1, "a"], [{}, {"a": 9}]),  # on the way there what is missing is made
        ({}, ["*"], {"*": 9}),
        ([1], ["*"], [1]),
        ({"a": 1}, [], {"a": 1}),
        ({"a": {"0": 1}}, ["a", 0], {"a": {"0": 9}}),
        ([1], ["x"], [1]),
    ],
)
def test_where_a_value_is_set(content: Any, path: list[Any], wanted: Any) -> None:
    assert done(content, "set_value", path=path, value=9) == wanted


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (["a", "x", "b"], "set_value: 'x' is not a position of a list of 1 items"),
        (["a", -5, "b"], "set_value: -5 is not a position of a list of 1 items"),
        (["a", 100_001, "b"], "a list of 100001 items is too long"),
        (["t", "x", "b"], "'x' leads into a str"),
    ],
)
def test_a_way_that_does_not_exist_is_reported(path: Any, expected: str) -> None:
    with pytest.raises(EdgeError, match=expected) as caught:
        done({"a": [1], "t": "text"}, "set_value", path=path, value=1)
    assert caught.value.location == "config.operations[0]"


def test_what_is_set_twice_is_two_things() -> None:
    value = {"n": []}
    twice = [{"type": "append", "params": {"path": ["*"], "value": value}}] * 2
    more = {"type": "append", "params": {"path": [0, "n"], "value": 1}}
    assert apply([], [*twice, more]) == [{"n": [1]}, {"n": []}]
    assert value == {"n": []}


@pytest.mark.parametrize(
    ("kind", "params", "wanted"),
    [
        ("delete", {"path": ["a", 9]}, {"a": [3, 1, "x"]}),
        ("delete", {"path": ["a", 0]}, {"a": [1, "x"]}),
        ("delete", {"path": []}, {"a": [3, 1, "x"]}),
        ("sort", {"path": ["a"]}, {"a": [3, 1, "x"]}),  # no order among them
        ("append", {"path": ["b"], "value": 0}, {"a": [3, 1, "x"]}),
        ("get_keys", {}, [["a", 0], ["a", 1], ["a", 2]]),
        ("get_keys", {"max_depth": 0}, []),
        ("get_values", {"max_depth": 1}, [[3, 1, "x"]]),
        ("set_operation", {"path1": ["a"], "path2": ["nowhere"]}, []),
    ],
)
def test_what_does_not_fit_changes_nothing(kind: str, params: Object, wanted: Value) -> None:
    assert done({"a": [3, 1, "x"]}, kind, **params) == wanted


ITEMS = st.lists(st.integers(0, 3) | st.sampled_from("ab"), max_size=5, min_size=1)


@given(ITEMS, ITEMS)
def test_sets_are_those_of_python_in_the_order_of_the_lists(
    one: list[int | str], other: list[int | str]
) -> None:
    def both(operation: str) -> list[Any]:
        found = done(None, "set_operation", value1=one, value2=other, operation=operation)
        assert isinstance(found, list)
        assert len(found) == len(set(found))  # type: ignore[arg-type]
        return found

    left, right = set(one), set(other)
    assert set(both("union")) == left | right
    assert set(both("intersection")) == left & right
    assert set(both("difference")) == left - right
    assert set(both("symmetric_difference")) == left ^ right
    order = [item for item in dict.fromkeys(one) if item in right]
    assert both("intersection") == order


JSON = st.recursive(
    st.none() | st.integers() | st.sampled_from(["a", "{{x}}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=6,
)
PATHS = st.lists(st.sampled_from(["a", "b", "*", 0, -1, "0", "x"]), max_size=3)


@given(JSON, st.sampled_from(sorted(OPERATIONS)), PATHS)
def test_the_content_is_left_alone_and_every_result_is_json(
    content: Any, kind: str, path: list[Any]
) -> None:
    before = json.dumps(content)
    try:
        found = done(content, kind, path=path, value=[1], plugins={"x": "y"})
    except EdgeError:
        found = None
    json.dumps(found)
    assert json.dumps(content) == before


@given(JSON)
def test_every_leaf_is_found_by_its_key(content: Any) -> None:
    keys, values = done(content, "get_keys"), done(content, "get_values")
    assert isinstance(keys, list)
    assert [done(content, "get", path=path) for path in keys] == values
