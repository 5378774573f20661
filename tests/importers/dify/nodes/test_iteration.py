"""Iterations: one thing after another with each item."""

from __future__ import annotations

from typing import Any

from tests.importers.dify.exports import MODEL, form, given, imported, outputs, statuses

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
            **more,
        },
        **{name: {**data, "inside": "it"} for name, data in inner.items()},
        "e": given("x=it.output"),
    }
    return imported(nodes, f"s > c, c > it, it > e, {wires}")


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


def test_branches_inside_and_nodes_that_no_map_can_do_are_declared() -> None:
    two = {"m": shout("a"), "n": shout("b"), "o": shout("c")}
    assert statuses(iterating(two, "m > n, m > o", ["o", "text"]))["it"] == "carried"
    what = iterating({"t": {"type": "tool", "provider_name": "x"}}, "", ["t", "text"])
    assert statuses(what)["it"] == statuses(what)["t"] == "carried"
