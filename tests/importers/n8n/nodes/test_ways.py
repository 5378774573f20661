"""Items leave by the way whose conditions hold."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.n8n.flows import imported, items, node, outputs, statuses


def asked(left: str, operation: str, right: Any, kind: str = "string") -> Any:
    return {
        "leftValue": left,
        "rightValue": right,
        "operator": {"type": kind, "operation": operation},
    }


def conditions(*found: Any, combinator: str = "and", case: bool = True) -> Any:
    return {"conditions": list(found), "combinator": combinator, "options": {"caseSensitive": case}}


NAMES = items({"a": "Ann"}, {"a": "Bob"}, {"a": "ann"})


def ways(chosen: Any, count: int) -> Any:
    ends = {f"e{n}": node("noOp") for n in range(count)}
    wires = ", ".join(f"w:{n} > e{n}" for n in range(count))
    found = outputs(imported({"i": NAMES, "w": chosen, **ends}, f"t > i, i > w, {wires}"))
    return {name: [item["a"] for item in listed] for name, listed in found.items()}


def test_if_has_two_ways() -> None:
    is_ann = asked("={{ $json.a }}", "equals", "ann")
    assert ways(node("if", 2, conditions=conditions(is_ann)), 2) == {
        "e0": ["ann"],
        "e1": ["Ann", "Bob"],
    }
    lax = node("if", 2, conditions=conditions(is_ann, case=False))
    assert ways(lax, 2) == {"e0": ["Ann", "ann"], "e1": ["Bob"]}
    either = conditions(is_ann, asked("={{ $json.a }}", "startsWith", "B"), combinator="or")
    assert ways(node("if", 2, conditions=either), 2) == {"e0": ["Bob", "ann"], "e1": ["Ann"]}


def test_filter_has_one() -> None:
    kept = conditions(asked("={{ $json.a }}", "contains", "nn"))
    assert ways(node("filter", 2, conditions=kept), 1) == {"e0": ["Ann", "ann"]}


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, {"e0": ["Ann"], "e1": ["Bob"]}),
        ({"fallbackOutput": "extra"}, {"e0": ["Ann"], "e1": ["Bob"], "e2": ["ann"]}),
        ({"fallbackOutput": 1}, {"e0": ["Ann"], "e1": ["Bob", "ann"]}),
        ({"allMatchingOutputs": True}, {"e0": ["Ann"], "e1": ["Ann", "Bob"]}),
    ],
)
def test_switch_has_a_way_for_each_rule(options: Any, wanted: Any) -> None:
    rules = [
        {"conditions": conditions(asked("={{ $json.a }}", "startsWith", "A"))},
        {"conditions": conditions(asked("={{ $json.a }}", "regex", "^[AB]"))},
    ]
    assert ways(node("switch", 3, rules={"values": rules}, options=options), 3) == wanted


def test_switch_may_be_told_the_way() -> None:
    chosen = node("switch", 3, mode="expression", output="={{ $json.a === 'Bob' ? 1 : 0 }}")
    assert ways(chosen, 2) == {"e0": ["Ann", "ann"], "e1": ["Bob"]}


@pytest.mark.parametrize(
    "chosen",
    [
        node("if", 2, conditions={"conditions": []}),
        node("switch", 3, rules={"values": []}),
        node("filter", 2, conditions=conditions(asked("={{ $json.a.map(x => x) }}", "equals", ""))),
    ],
)
def test_what_is_not_read_is_declared(chosen: Any) -> None:
    assert statuses(imported({"w": chosen}, "t > w"))["w"] == "carried"
