"""Iterations: one thing after another with each item."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.engine.providers.errors import ProviderError
from tests.engine.small import ScriptedModel
from tests.importers.dify.exports import MODEL, form, given, imported, outputs, ran, statuses

SPLIT = "def main(q):\n    return {'parts': q.split()}\n"


def iterating(inner: dict[str, Any], wires: str, output: list[str], **more: Any) -> Any:
    nodes: Any = {
        "s": form("q"),
        "c": {
            "type": "code",
            "code": SPLIT,
            "variables": [{"variable": "q", "value_selector": ["s", "q"]}],
            "outputs": {"parts": {}},
        },
        "it": {
            "type": "iteration",
            "iterator_selector": ["c", "parts"],
            "output_selector": output,
            **{k: v for k, v in more.items() if k != "conversation_variables"},
        },
        **{name: {**data, "inside": "it"} for name, data in inner.items()},
        "e": given("x=it.output"),
    }
    return imported(
        nodes,
        f"s > c, c > it, it > e, {wires}",
        **{k: v for k, v in more.items() if k == "conversation_variables"},
    )


def shout(text: str) -> Any:
    return {"type": "llm", "model": MODEL, "prompt_template": [{"role": "user", "text": text}]}


def test_one_node() -> None:
    what = iterating({"m": shout("{{#it.index#}} {{#it.item#}} of {{#s.q#}}")}, "", ["m", "text"])
    assert outputs(what, {"q": "a b"}) == {"x": ["0 A OF A B", "1 B OF A B"]}


def test_nodes_in_a_row_see_the_item_and_one_another() -> None:
    join = "def main(item, said):\n    return {'r': item + said, 'n': len(said)}\n"
    code: Any = {
        "type": "code",
        "code": join,
        "outputs": {"r": {}, "n": {}},
        "variables": [
            {"variable": "item", "value_selector": ["it", "item"]},
            {"variable": "said", "value_selector": ["m", "text"]},
        ],
    }
    inner = {
        "m": shout("{{#it.item#}}"),
        "j": code,
        "k": shout("{{#j.r#}}/{{#it.item#}}/{{#m.text#}}"),
    }
    assert outputs(iterating(inner, "m > j, j > k", ["k", "text"]), {"q": "a b"}) == {
        "x": ["AA/A/A", "BB/B/B"]
    }
    assert outputs(iterating(inner, "m > j, j > k", ["j", "n"]), {"q": "a b"}) == {"x": [1, 1]}


def test_parallel_and_errors() -> None:
    what = iterating(
        {"m": shout("{{#it.item#}}")},
        "",
        ["m", "text"],
        is_parallel=True,
        parallel_nums=3,
        error_handle_mode="continue-on-error",
    )
    (edge,) = (one for one in what.manifest["spec"]["edges"] if one["type"] == "map")
    assert (edge["config"]["parallel"], edge["config"]["on_error"]) == (3, "null")


def choosing(key: str = "it") -> Any:
    """Whether the item is `a`."""
    is_a = {"variable_selector": [key, "item"], "comparison_operator": "is", "value": "a"}
    return {"type": "if-else", "cases": [{"case_id": "true", "conditions": [is_a]}]}


JOINED: Any = {"type": "variable-aggregator", "variables": [["m", "text"], ["n", "output"]]}
OTHER: Any = {"type": "template-transform", "template": "other", "variables": []}
BRANCHED: Any = {"if": choosing(), "m": shout("{{#it.item#}}"), "n": OTHER, "j": JOINED}
WAYS = "if:true > m, if:false > n, m > j, n > j"


def test_branches_inside_run_round_by_round() -> None:
    what = iterating(BRANCHED, WAYS, ["j", "output"])
    assert set(statuses(what).values()) == {"runs"}
    assert outputs(what, {"q": "a b a"}) == {"x": ["A", "other", "A"]}
    assert outputs(what, {"q": ""}) == {"x": []}


def test_a_way_that_is_not_taken_gives_null() -> None:
    what = iterating(BRANCHED, WAYS, ["m", "text"])
    assert outputs(what, {"q": "b a"}) == {"x": [None, "A"]}


def refusing(question: str) -> str:
    if question.startswith("b"):
        raise ProviderError("no b")
    return question.upper()


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [("continue-on-error", ["A", None, "A"]), ("remove-abnormal-output", ["A", "A"])],
)
def test_an_item_that_fails_ends_its_round_alone(mode: str, wanted: Any) -> None:
    both: Any = {
        "m": shout("{{#it.item#}}"),
        "n": {"type": "template-transform", "template": "x", "variables": []},
        "j": {"type": "answer", "answer": "{{#m.text#}}"},
    }
    what = iterating(both, "m > j, n > j", ["j", "answer"], error_handle_mode=mode)
    result = outputs(what, {"q": "a b a"}, ScriptedModel(refusing))
    assert result["x"] == wanted


def test_without_a_mode_it_fails() -> None:
    two = {"m": shout("{{#it.item#}}"), "n": shout("{{#it.item#}}")}
    what = iterating(two, "", ["m", "text"])
    assert "no b" in ran(what, {"q": "a b"}, ScriptedModel(refusing)).error


def test_lists_of_lists_become_one_unless_told_otherwise() -> None:
    code = "def main(item):\n    return {'l': [item, item]}\n"
    inner: Any = {
        "c2": {
            "type": "code",
            "code": code,
            "outputs": {"l": {}},
            "variables": [{"variable": "item", "value_selector": ["it", "item"]}],
        }
    }
    assert outputs(iterating(inner, "", ["c2", "l"]), {"q": "a b"})["x"] == ["a", "a", "b", "b"]
    apart = iterating(inner, "", ["c2", "l"], flatten_output=False)
    assert outputs(apart, {"q": "a b"})["x"] == [["a", "a"], ["b", "b"]]


def test_variables_of_the_conversation_grow_and_answers_add_up() -> None:
    item = {
        "variable_selector": ["conversation", "v"],
        "operation": "append",
        "input_type": "variable",
        "value": ["it", "item"],
    }
    inner: Any = {
        "if": choosing(),
        "set": {"type": "assigner", "items": [item]},
        "say": {"type": "answer", "answer": "{{#it.index#}}"},
    }
    what = iterating(
        inner,
        "if:false > set, if:true > say",
        ["set", "x"],
        conversation_variables=[{"name": "v", "value": []}],
    )
    result = outputs(what, {"q": "b a c", "v": ["0"]})
    assert (result["v"], result["answer"]) == (["0", "b", "c"], "1")


def test_a_node_that_does_not_run_here_is_declared_alone() -> None:
    inner: Any = {"t": {"type": "tool", "provider_name": "x"}, "m": shout("{{#t.text#}}")}
    found = statuses(iterating(inner, "t > m", ["m", "text"]))
    assert (found["it"], found["t"], found["m"]) == ("runs", "carried", "runs")
