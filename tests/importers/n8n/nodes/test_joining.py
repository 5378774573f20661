"""Items pass, are merged, and go round."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.n8n.flows import imported, items, node, outputs, statuses

ONE, TWO = items({"k": 1, "a": "x"}, {"k": 2, "a": "y"}), items({"k": 2, "b": "z"})


def merged(version: float, **parameters: Any) -> Any:
    nodes = {"one": ONE, "two": TWO, "m": node("merge", version, **parameters)}
    return imported(nodes, "t > one, t > two, one > m, two > m:1")


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({"mode": "append"}, [{"k": 1, "a": "x"}, {"k": 2, "a": "y"}, {"k": 2, "b": "z"}]),
        ({"mode": "combine", "combineBy": "combineByPosition"}, [{"k": 2, "a": "x", "b": "z"}]),
        (
            {"mode": "combine", "combineBy": "combineAll"},
            [{"k": 2, "a": "x", "b": "z"}, {"k": 2, "a": "y", "b": "z"}],
        ),
        ({"mode": "combine", "fieldsToMatchString": "k"}, [{"k": 2, "a": "y", "b": "z"}]),
        (
            {"mode": "combine", "fieldsToMatchString": "k", "joinMode": "enrichInput1"},
            [{"k": 2, "a": "y", "b": "z"}, {"k": 1, "a": "x"}],
        ),
        ({"mode": "chooseBranch", "useDataOfInput": 2}, [{"k": 2, "b": "z"}]),
        ({"mode": "mergeByIndex"}, [{"k": 2, "a": "x", "b": "z"}]),
        ({"mode": "passThrough", "output": "input2"}, [{"k": 2, "b": "z"}]),
        (
            {"mode": "mergeByKey", "propertyName1": "k", "propertyName2": "k"},
            [{"k": 2, "a": "y", "b": "z"}],
        ),
    ],
)
def test_each_mode(parameters: Any, wanted: Any) -> None:
    assert outputs(merged(3, **parameters))["m"] == wanted


@pytest.mark.parametrize(
    "parameters",
    [
        {"mode": "combineBySql"},
        {"mode": "combine"},
        {"mode": "combine", "fieldsToMatchString": "k", "joinMode": "keepNonMatches"},
    ],
)
def test_other_modes_are_declared(parameters: Any) -> None:
    assert statuses(merged(3, **parameters))["m"] == "carried"


def test_several_wires_into_one_input_are_joined() -> None:
    what = imported(
        {"one": ONE, "two": TWO, "n": node("noOp")}, "t > one, t > two, one > n, two > n"
    )
    assert len(outputs(what)["n"]) == 3


def test_what_is_disabled_or_waits_passes_items_on() -> None:
    off = node("set", 3.4, {"disabled": True})
    nodes = {"one": ONE, "off": off, "w": node("wait", amount=5)}
    what = imported(nodes, "t > one, one > off, off > w")
    assert len(outputs(what)["w"]) == 2
    assert [loss.what for loss in what.not_carried] == ["waiting"]
    asked = imported({"w": node("wait", resume="webhook")}, "t > w")
    assert statuses(asked)["w"] == "carried"


def test_a_loop_without_a_way_back_is_done_with_all() -> None:
    nodes = {"one": ONE, "l": node("splitInBatches", 3), "n": node("noOp")}
    assert len(outputs(imported(nodes, "t > one, one > l, l > n"))["n"]) == 2
