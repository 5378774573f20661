from __future__ import annotations

import pytest

from registry_tool.core.values import Frozen, Value
from registry_tool.manifest.model import Block, Edge, Metadata, Workflow
from registry_tool.manifest.written_answers import asks_somebody, by_target, unfit_answer

LABEL = {"enum": ["good", "bad"]}


def edge(kind: str, targets: tuple[str, ...] = ("out",), **config: Value) -> Edge:
    return Edge("ask", kind, ("in",), targets, config)


@pytest.mark.parametrize(
    ("asking", "asks"),
    [
        (edge("llm"), True),
        (edge("http", url="https://a.org/"), True),
        (edge("workflow", name="other"), True),
        (edge("retrieve", query="x"), True),
        (edge("chunk", chunking_mode="llm"), True),
        (edge("map", edge={"type": "llm", "config": {}}), True),
        (edge("map", edge={"type": "code", "config": {}}), False),
        (edge("chunk", chunking_mode="length"), False),
        (edge("code"), False),
        (edge("branch"), False),
        (edge("search", search_type="keyword"), False),
    ],
)
def test_who_asks_somebody(asking: Edge, asks: bool) -> None:
    blocks = (Block("in", "text"), Block("out", "text"))
    assert asks_somebody(Workflow(Metadata("a", "1.0.0"), blocks, (asking,)), asking) is asks


def test_each_target_gets_the_value_or_its_own() -> None:
    both = edge("llm", ("a", "b"))
    assert by_target(both, "x") == {"a": "x", "b": "x"}
    assert by_target(both, {"a": 1, "b": 2}) == {"a": 1, "b": 2}
    assert by_target(both, {"a": 1}) == {"a": {"a": 1}, "b": {"a": 1}}
    assert by_target(edge("llm"), {"out": 1}) == {"out": {"out": 1}}


@pytest.mark.parametrize(
    ("config", "schema", "value", "looped", "fits"),
    [
        ({}, {}, "a text", False, True),
        ({}, {}, {"no": "text"}, False, False),
        ({}, {}, ["a", "b"], True, True),
        ({}, {}, ["a", 1], True, False),
        ({}, LABEL, "good", False, True),
        ({}, LABEL, "fine", False, False),
        ({"structured_output": True}, {}, {"a": 1}, False, True),
        ({"structured_output": {"schema": LABEL}}, {}, "good", False, True),
        ({"structured_output": {"schema": LABEL}}, {}, "fine", False, False),
        ({"structured_output": {"schema": LABEL}}, {}, ["good"], True, True),
        ({"structured_output": {"schema": LABEL}}, {}, "good", True, False),
    ],
)
def test_what_a_model_could_have_given(
    config: Frozen, schema: Frozen, value: Value, looped: bool, fits: bool
) -> None:
    wrong = unfit_answer(edge("llm", **config), value, {"out": schema}, looped=looped)
    assert (wrong is None) is fits, wrong
