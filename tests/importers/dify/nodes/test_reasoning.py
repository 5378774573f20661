"""Thoughts are parted from the answer; what they are, `oracle/reasoning.yml` tells."""

from __future__ import annotations

from typing import Any

from tests.engine.small import ScriptedModel
from tests.importers.dify.exports import MODEL, given, imported, outputs


def test_items_of_an_iteration_are_parted_each() -> None:
    nodes: Any = {
        "s": {"type": "start", "variables": [{"variable": "qs", "type": "file-list"}]},
        "i": {"type": "iteration", "iterator_selector": ["s", "qs"], "output_selector": ["m", "text"]},
        "m": {
            "type": "llm",
            "model": MODEL,
            "prompt_template": [{"role": "user", "text": "{{#i.item#}}"}],
            "reasoning_format": "separated",
            "inside": "i",
        },
        "e": given("x=i.output"),
    }  # fmt: skip
    what = imported(nodes, "s > i, i > e")
    thinking = ScriptedModel(lambda question: f"<think>of {question}</think> {question}!")
    assert outputs(what, {"qs": ["a", "b"]}, thinking) == {"x": ["a!", "b!"]}


def test_a_structured_answer_is_left_alone() -> None:
    node: Any = {
        "type": "llm",
        "model": MODEL,
        "prompt_template": [{"role": "user", "text": "Hi"}],
        "reasoning_format": "separated",
        "structured_output_enabled": True,
        "structured_output": {
            "schema": {"type": "object", "properties": {"n": {"type": "number"}}}
        },
    }
    what = imported(
        {"s": {"type": "start"}, "m": node, "e": given("x=m.structured_output.n")}, "s > m, m > e"
    )
    assert outputs(what, {}, ScriptedModel(lambda _: '{"n": 4}')) == {"x": 4}
