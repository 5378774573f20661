"""Loops: variables, conditions that break them, ends, and loops in loops."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.dify.exports import form, given, imported, outputs, statuses


def add(variable: str, value: Any, owner: str = "lo") -> Any:
    item = {
        "variable_selector": [owner, variable],
        "operation": "+=",
        "input_type": "constant",
        "value": value,
    }
    return {"type": "assigner", "version": "2", "items": [item]}


def variable(label: str, kind: str, value: Any, way: str = "constant") -> Any:
    return {"label": label, "var_type": kind, "value_type": way, "value": value}


def asked(selector: list[str], operator: str, value: str) -> Any:
    return {"variable_selector": selector, "comparison_operator": operator, "value": value}


def looping(inner: dict[str, Any], wires: str = "", out: str = "n", **more: Any) -> Any:
    data = {
        "type": "loop",
        "loop_count": 5,
        "break_conditions": [],
        "logical_operator": "and",
        "loop_variables": [variable("n", "number", 0)],
        **more,
    }
    nodes: Any = {
        "s": form("q"),
        "lo": data,
        **{name: {"inside": "lo", **node} for name, node in inner.items()},
        "e": given(f"x=lo.{out}"),
    }
    return imported(nodes, f"s > lo, lo > e, {wires}")


def test_it_runs_as_often_as_it_says() -> None:
    what = looping({"set": add("n", 2)})
    assert outputs(what, {"q": ""}) == {"x": 10}
    assert set(statuses(what).values()) == {"runs"}
    assert outputs(looping({"set": add("n", 2)}, out="loop_round"), {"q": ""}) == {"x": 5}


@pytest.mark.parametrize(("start", "rounds"), [(0, 3), (6, 0)])
def test_a_condition_breaks_it_also_before_the_first_round(start: int, rounds: int) -> None:
    what = looping(
        {"set": add("n", 2)},
        out="loop_round",
        break_conditions=[asked(["lo", "n"], "≥", "6")],
        loop_variables=[variable("n", "number", start)],
    )
    assert outputs(what, {"q": ""}) == {"x": rounds}


def test_its_variables_come_from_outside_and_conditions_ask_nodes_inside() -> None:
    code = "def main(t):\n    return {'t': t + '!'}\n"
    inner: Any = {
        "c": {
            "type": "code",
            "code": code,
            "outputs": {"t": {}},
            "variables": [{"variable": "t", "value_selector": ["lo", "t"]}],
        },
        "set": {
            "type": "assigner",
            "items": [
                {
                    "variable_selector": ["lo", "t"],
                    "operation": "over-write",
                    "input_type": "variable",
                    "value": ["c", "t"],
                }
            ],
        },
    }
    what = looping(
        inner,
        "c > set",
        "t",
        loop_variables=[variable("t", "string", ["s", "q"], "variable")],
        break_conditions=[asked(["c", "t"], "end with", "!!")],
    )
    assert outputs(what, {"q": "a"}) == {"x": "a!!"}


def test_an_end_inside_ends_it_after_its_round() -> None:
    is_four = {"case_id": "true", "conditions": [asked(["lo", "n"], "=", "4")]}
    inner: Any = {
        "set": add("n", 2),
        "if": {"type": "if-else", "cases": [is_four]},
        "out": {"type": "loop-end"},
    }
    assert outputs(looping(inner, "set > if, if:true > out"), {"q": ""}) == {"x": 4}


def test_a_loop_in_a_loop_begins_anew_each_time() -> None:
    inner: Any = {
        "li": {
            "type": "loop",
            "loop_count": 3,
            "loop_variables": [variable("m", "number", 0)],
            "break_conditions": [],
        },
        "one": {**add("m", 1, "li"), "inside": "li"},
        "all": {**add("n", 1), "inside": "li"},
    }
    what = looping(inner, "one > all", "n", loop_count=2)
    assert outputs(what, {"q": ""}) == {"x": 6}


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("array[string]", '["a"]', ["a"]),
        ("array[number]", "", []),
        ("object", '{"a": 1}', {"a": 1}),
    ],
)
def test_constants_are_read_by_their_type(kind: str, value: Any, read: Any) -> None:
    what = looping(
        {"set": add("n", 1)},
        out="v",
        loop_variables=[variable("v", kind, value), variable("n", "number", "1")],
    )
    assert outputs(what, {"q": ""}) == {"x": read}


def test_an_empty_one_or_one_without_a_count_is_declared() -> None:
    assert statuses(looping({}))["lo"] == "carried"
    found = statuses(looping({"set": add("n", 1)}, loop_count="x"))
    assert (found["lo"], found["set"]) == ("carried", "carried")


def test_deep_containers_are_declared() -> None:
    nodes: Any = {"s": form("q")}
    for depth in range(200):
        nodes[f"l{depth}"] = {
            "type": "loop",
            "loop_count": 1,
            **({"inside": f"l{depth - 1}"} if depth else {}),
        }
    nodes["t"] = {"type": "template-transform", "template": "x", "variables": [], "inside": "l199"}
    found = statuses(imported(nodes, "s > l0"))
    assert (found["l0"], found["l7"], found["l8"], found["t"]) == (
        "runs",
        "runs",
        "carried",
        "carried",
    )
