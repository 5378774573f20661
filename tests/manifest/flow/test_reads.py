from __future__ import annotations

from typing import Any

import pytest

from registry_tool.manifest.flow.reads import (
    ALL,
    BLOCK,
    INPUT,
    Read,
    moves_of,
    passed_to,
    reads_of,
)
from registry_tool.manifest.scope import Scopes
from tests.manifest.flow.build import HOOK, edge, text_input, workflow

A, B, TONE = Read(BLOCK, "a"), Read(BLOCK, "b"), Read(INPUT, "tone")
INPUTS = (text_input("a"), {"name": "tone", "type": "string"})


def taken(type_: str, source: Any = ("a", "b"), **config: Any) -> set[Read]:
    flow = workflow(edge("e", type_, list(source), "out", **config), inputs=INPUTS)
    return set(reads_of(flow, flow.edges[0], Scopes(flow)))


@pytest.mark.parametrize(
    ("type_", "config", "reads"),
    [
        ("llm", {"prompt": "Say {{a}}"}, {A}),
        ("llm", {"prompt": "Say {{a.name.0}}"}, {Read(BLOCK, "a", ("name", "0"))}),
        ("llm", {"messages": [{"role": "user", "content": "{{b}} {{tone}}"}]}, {B, TONE}),
        ("llm", {"system": "Be {{tone}}"}, {A, B, TONE}),
        ("http", {"url": f"{HOOK}/{{{{a}}}}"}, {A}),
        ("http", {"url": HOOK, "method": "POST", "body": {"x": "{{b}}"}}, {B}),
        ("http", {"url": HOOK}, set()),
        ("save", {"path": "x.txt"}, {A, B}),
        ("save", {"path": "x.txt", "content": "{{b}}"}, {B}),
        ("external", {"service": "x", "inputs": {"q": "{{a}}"}}, {A}),
        ("external", {"service": "x"}, {A, B}),
        ("modify", {"modify_type": "edit_text", "content": "{{b}}"}, {B}),
        ("modify", {"modify_type": "copy"}, {A, B}),
        ("generate", {}, {A, B}),
        ("code", {"code": "def main(a, tone): return a"}, {A, B, TONE}),
        ("template", {"template": "x", "values": {"v": "{{a}}"}}, {A}),
        ("map", {"edge": {"type": "llm", "config": {"prompt": "{{item.b}} {{index}}"}}},
         {Read(BLOCK, "a", ("b",), each=True)}),
        ("map", {"edge": {"type": "llm", "config": {"prompt": "{{a.b}} {{b}}"}}},
         {Read(BLOCK, "a", ("b",), each=True), B}),
        ("map", {"over": "b", "edge": {"type": "code", "config": {"code": "main = lambda tone: tone"}}},
         {A, B, TONE}),
        ("map", {"over": "b", "edge": {"type": "code", "config": {"code": "def main(b): return b"}}},
         {A, B}),
    ],
)  # fmt: skip
def test_what_an_edge_takes_in(type_: str, config: dict[str, Any], reads: set[Read]) -> None:
    assert taken(type_, **config) == reads


def test_a_branch_moves_what_its_cases_say() -> None:
    cases = {
        "yes": {"conditions": [], "thens": [{"from": "a", "to": "x"}, {"from": "q", "to": "x"}]}
    }
    other = {"else": [{"from": "b", "to": "y"}, {"from": "b", "to": "y"}]}
    flow = workflow(edge("e", "branch", ["a", "b"], ["x", "y"], cases=cases, **other))
    assert moves_of(flow, flow.edges[0]) == [("a", "x"), ("b", "y")]


def test_a_loop_leads_its_first_source_back() -> None:
    flow = workflow(edge("e", "loop", ["a", "b"], ["x", "y"]))
    assert moves_of(flow, flow.edges[0]) == [("a", "x"), ("a", "y")]


@pytest.mark.parametrize("inner", [False, True])
def test_what_a_call_passes(inner: bool) -> None:
    def passed(**config: Any) -> dict[str, list[Read]]:
        call = {"name": "other", **config}
        each = edge("e", "map", ["a", "b"], "out", edge={"type": "workflow", "config": call})
        one = edge("e", "workflow", ["a", "b"], "out", **call)
        flow = workflow(each if inner else one, inputs=INPUTS)
        return dict(passed_to(flow, flow.edges[0], Scopes(flow)))

    assert passed() == {"a": [A], "b": [B]}
    first = Read(BLOCK, "a", each=inner)
    assert passed(inputs={"q": "{{a}} {{b}}", "n": 3}) == {"q": [first, B]}
    assert passed(inputs="{{b}}") == {ALL: [B]}
