"""What a name in a template means, and where templates stand."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.manifest.model import (
    Block,
    Edge,
    Environment,
    Interface,
    Metadata,
    Port,
    Workflow,
)
from registry_tool.manifest.scope import Referent, Scopes, templates_of

BLOCKS = (
    Block("text", "text", label="Letter"),
    Block("other", "text", label="tone"),
    Block("Letter", "text"),
    Block("far", "text", label="text"),
)


def workflow(*edges: Edge) -> Workflow:
    return Workflow(
        Metadata("w", "1.0.0"),
        BLOCKS,
        edges,
        Interface((Port("tone"), Port("key"))),
        environments=(Environment("dev", variables={"key": "v", "url": "u"}),),
    )


def edge(kind: str, *sources: str, **config: Any) -> Edge:
    return Edge("e", kind, sources, ("far",), config)


@pytest.mark.parametrize(
    ("sources", "name", "wanted"),
    [
        (("text",), "Letter", Referent("block", "text")),  # its own source's label …
        (("other",), "Letter", Referent("block", "Letter")),  # … before another block's id
        (("text", "Letter"), "Letter", Referent("block", "Letter")),  # a source's id before a label
        (("other",), "tone", Referent("block", "other")),
        (("text",), "tone", Referent("input", "tone")),  # an input before another block's label
        (("text",), "key", Referent("input", "key")),  # an input before a variable
        (("text",), "url", Referent("variable", "url")),
        (("other",), "text", Referent("block", "text")),  # a block's id before another's label
        ((), "item", None),
        (("nobody",), "nobody", None),
    ],
)
def test_what_comes_first(sources: tuple[str, ...], name: str, wanted: Referent | None) -> None:
    made = edge("llm", *sources)
    assert Scopes(workflow(made)).names(made).get(name) == wanted


def test_a_map_adds_its_item() -> None:
    made = edge("map", "text", edge={"type": "llm", "config": {"prompt": "{{item.x}} {{index}}"}})
    uses = list(Scopes(workflow(made)).uses(made))
    assert [use.referent for use in uses] == [Referent("item", "item"), Referent("item", "index")]
    assert {use.route for use in uses} == {("edge", "config", "prompt")}


def test_every_use_has_its_route_and_unknown_names_have_no_referent() -> None:
    messages = [{"role": "system", "content": "{{nobody}}"}, {"content": "{{text}} {{ key }}"}]
    made = edge("llm", "text", messages=messages, model="{{text}}")
    uses = list(Scopes(workflow(made)).uses(made))
    assert [(use.route, use.referent and use.referent.kind) for use in uses] == [
        (("messages", 0, "content"), None),
        (("messages", 1, "content"), "block"),
        (("messages", 1, "content"), "input"),
    ]


def test_operands_of_operations_are_templates_and_paths_are_not() -> None:
    operations = [
        {"type": "get", "params": {"path": ["{{text}}"]}},
        {"type": "append", "params": {"value": {"deep": ["{{text}}"]}}},
        "broken",
        {"params": []},
    ]
    top = edge("modify", "text", operations=operations)
    inner = edge("modify", "text", extra_configs={"operations": operations})
    route = ("operations", 1, "params", "value", "deep", 0)
    assert list(templates_of(top)) == [(route, "{{text}}")]
    assert list(templates_of(inner)) == [(("extra_configs", *route), "{{text}}")]


def test_of_a_map_only_what_its_inner_edge_takes_as_a_template_is_one() -> None:
    inner = {"type": "code", "config": {"code": "def main(text): return f'{{x}}'"}}
    assert list(templates_of(edge("map", "text", edge=inner))) == []
    inner = {"type": "modify", "config": {"content": "{{item}}"}}
    found = [(("edge", "config", "content"), "{{item}}")]
    assert list(templates_of(edge("map", "text", edge=inner))) == found
