"""States of rounds: the first one, and what a round makes of it."""

from __future__ import annotations

from typing import Any

from registry_tool.importers.dify.nodes.round_code import RoundEnd, first_state


def called(code: str, inputs: dict[str, Any]) -> Any:
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - generated code
    return names["main"](inputs)


def test_the_first_state() -> None:
    state = called(first_state({"v1": "1 + 1"}, "    item, more = None, True\n"), {})
    assert (state["index"], state["variables"], state["more"]) == (0, {"v1": 2}, True)


def ended(values: dict[str, Any], *, drops: bool, more: bool = True) -> Any:
    state = {"index": 0, "more": more, "results": [0], "said": "a", "variables": {}}
    lines = "    item, more = None, index < 2\n"
    parts = ((("gate",), "out"),)
    end = RoundEnd("state", "at(inputs, 'out')", {}, ["words"], parts, drops, lines)
    return called(end.code, {"state": state, **values})


def test_the_next_state_holds_what_the_round_gave() -> None:
    state = ended({"gate": "", "out": 1, "words": "b"}, drops=True)
    assert (state["results"], state["said"], state["index"]) == ([0, 1], "ab", 1)


def test_a_round_in_which_an_edge_failed_gives_null_or_nothing() -> None:
    assert ended({"gate": "", "out": None}, drops=False)["results"] == [0, None]
    assert ended({"gate": "", "out": None}, drops=True)["results"] == [0]
    assert ended({"gate": None, "out": None}, drops=True)["results"] == [0, None]


def test_where_there_is_no_more_round_nothing_changes() -> None:
    assert ended({}, drops=False, more=False)["results"] == [0]
