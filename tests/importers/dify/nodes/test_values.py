"""Aggregators, assigners and list operators: values are put together as Dify does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.dify.exports import form, given, imported, outputs, statuses


def test_groups_give_an_object_each() -> None:
    settings = {
        "group_enabled": True,
        "groups": [{"group_name": "G", "variables": [["gone", "x"], ["s", "q"]]}],
    }
    what = imported(
        {
            "s": form("q"),
            "v": {"type": "variable-aggregator", "advanced_settings": settings},
            "e": given("x=v.G.output", "y=v.G"),
        },
        "s > v, v > e",
    )
    assert outputs(what, {"q": "a"})["y"] == {"output": "a"}
    assert outputs(what, {"q": "a"})["x"] == "a"


@pytest.mark.parametrize(
    ("operation", "before", "value", "after"),
    [
        ("over-write", "a", "b", "b"),
        ("clear", ["a"], None, []),
        ("append", ["a"], "b", ["a", "b"]),
        ("extend", ["a"], ["b"], ["a", "b"]),
        ("+=", 1, 2, 3),
        ("remove-first", [1, 2], None, [2]),
        ("remove-last", [1, 2], None, [1]),
    ],
)
def test_a_conversations_variable_comes_in_and_goes_out(
    operation: str, before: Any, value: Any, after: Any
) -> None:
    item = {
        "variable_selector": ["conversation", "v"],
        "operation": operation,
        "input_type": "constant",
        "value": value,
    }
    nodes: Any = {
        "s": {"type": "start", "variables": []},
        "old": {"type": "answer", "answer": "{{#conversation.v#}}|"},
        "set": {"type": "assigner", "version": "2", "items": [item]},
        "new": {"type": "answer", "answer": "{{#conversation.v#}}"},
    }
    what = imported(
        nodes,
        "s > old, old > set, set > new",
        conversation_variables=[{"name": "v", "value": "first"}],
    )
    result = outputs(what, {"v": before})
    assert result["v"] == after
    shown = str(result["answer"]).partition("|")
    assert shown[0] != shown[2]


def test_a_way_without_the_assigner_keeps_the_variable() -> None:
    case = [
        {
            "case_id": "true",
            "conditions": [
                {"variable_selector": ["s", "q"], "comparison_operator": "is", "value": "a"}
            ],
        }
    ]
    nodes: Any = {
        "s": form("q"),
        "if": {"type": "if-else", "cases": case},
        "set": {
            "type": "assigner",
            "assigned_variable_selector": ["conversation", "v"],
            "input_variable_selector": ["s", "q"],
            "write_mode": "over-write",
        },
        "e": given("x=conversation.v"),
    }
    what = imported(
        nodes,
        "s > if, if:true > set, set > e, if:false > e",
        conversation_variables=[{"name": "v", "value": "0"}],
    )
    assert (outputs(what, {"q": "a"})["x"], outputs(what, {"q": "b"})["x"]) == ("a", "0")


def test_a_list_is_filtered_sorted_and_cut_in_difys_order() -> None:
    operator: Any = {
        "type": "list-operator",
        "variable": ["c", "found"],
        "filter_by": {
            "enabled": True,
            "conditions": [{"key": "n", "comparison_operator": ">", "value": "1"}],
        },
        "order_by": {"enabled": True, "key": "n", "value": "desc"},
        "limit": {"enabled": True, "size": 2},
    }
    code = "def main():\n    return {'found': [{'n': n} for n in (1, 3, 2, 4)]}\n"
    nodes: Any = {
        "s": form("q"),
        "c": {
            "type": "code",
            "code": code,
            "variables": [],
            "outputs": {"found": {"type": "array[object]"}},
        },
        "l": operator,
        "e": given("all=l.result", "first=l.first_record", "last=l.last_record"),
    }
    what = imported(nodes, "s > c, c > l, l > e")
    assert outputs(what, {"q": ""}) == {
        "all": [{"n": 4}, {"n": 3}],
        "first": {"n": 4},
        "last": {"n": 3},
    }


def test_what_no_assigner_here_can_do_is_declared() -> None:
    item = {"variable_selector": ["llm", "text"], "operation": "over-write", "value": "x"}
    what = imported({"s": form("q"), "a": {"type": "assigner", "items": [item]}}, "s > a")
    assert statuses(what) == {"s": "runs", "a": "carried"}
