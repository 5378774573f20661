"""Nodes that ask a model: what it is asked, and the items of its answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.engine.small import ScriptedModel
from tests.importers.n8n.flows import edges, imported, items, node, outputs, statuses

TEXTS = items({"q": "a"}, {"q": "b"})
MODEL = node(
    "lmChatOpenAi", 1.2, model={"value": "gpt-4o"}, options={"maxTokens": 9, "topP": 0.5, "x": 1}
)


def asking(chosen: Any, more: dict[str, Any] | None = None, wires: str = "") -> Any:
    nodes = {"i": TEXTS, "x": chosen, "m": MODEL, **(more or {})}
    return imported(nodes, f"t > i, i > x, m ~ai_languageModel~ x, {wires}")


def inner(what: Any) -> Any:
    (edge,) = edges(what, "map")
    return edge["config"]["edge"]["config"]


def test_a_chain_asks_with_its_messages_and_its_model() -> None:
    messages = {
        "messageValues": [
            {"message": "Be kind"},
            {"type": "HumanMessagePromptTemplate", "message": "=Hi {{ $json.q }}"},
        ]
    }
    what = asking(
        node("chainLlm", 1.5, promptType="define", text="=Say {{ $json.q }}", messages=messages)
    )
    assert inner(what) == {
        "model": "gpt-4o",
        "max_tokens": 9,
        "top_p": 0.5,
        "messages": [
            {"role": "system", "content": "Be kind"},
            {"role": "user", "content": "Hi {{item.q}}"},
            {"role": "user", "content": "Say {{item.q}}"},
        ],
    }
    assert outputs(what)["x"] == [{"text": "SAY A"}, {"text": "SAY B"}]
    assert [loss.what for loss in what.not_carried] == ["the option x of the model"]


@pytest.mark.parametrize(
    "parser",
    [
        {"schemaType": "fromJson", "jsonSchemaExample": '{"n": 1, "l": ["x"]}'},
        {
            "schemaType": "manual",
            "inputSchema": '{"type": "object", "properties": {"n": {"type": "number"}}}',
        },
    ],
)
def test_a_parser_asks_for_a_schema(parser: Any) -> None:
    chain = node("chainLlm", 1.5, promptType="define", text="x", hasOutputParser=True)
    what = asking(
        chain, {"p": node("outputParserStructured", 1.2, **parser)}, "p ~ai_outputParser~ x"
    )
    assert inner(what)["structured_output"]["schema"]["properties"]["n"] == {"type": "number"}
    model = ScriptedModel(lambda _: '{"n": 2, "l": []}' if "Example" in str(parser) else '{"n": 2}')
    assert outputs(what, {}, model)["x"][0]["output"]["n"] == 2


def test_an_agent_without_tools_asks_once() -> None:
    agent = node(
        "agent", 1.7, promptType="define", text="=Do {{ $json.q }}", options={"systemMessage": "S"}
    )
    what = asking(agent, {"mem": node("memoryBufferWindow")}, "mem ~ai_memory~ x")
    assert outputs(what)["x"] == [{"output": "DO A"}, {"output": "DO B"}]
    assert "its memory" in [loss.what for loss in what.not_carried]
    assert statuses(what)["mem"] == "carried"


def test_openais_node() -> None:
    messages = {"values": [{"role": "system", "content": "S"}, {"content": "=Say {{ $json.q }}"}]}
    what = asking(node("openAi", 1.8, modelId={"value": "gpt-4o-mini"}, messages=messages))
    assert outputs(what)["x"][1] == {"message": {"role": "assistant", "content": "SAY B"}}


def test_an_extractor_and_a_classifier() -> None:
    attributes = {"attributes": [{"name": "city", "type": "string", "description": "where"}]}
    what = asking(node("informationExtractor", text="={{ $json.q }}", attributes=attributes))
    assert outputs(what, {}, ScriptedModel(lambda _: '{"city": "Bonn"}'))["x"][0] == {
        "output": {"city": "Bonn"}
    }
    categories = {"categories": [{"category": "A"}, {"category": "B", "description": "the rest"}]}
    sorting = node("textClassifier", inputText="={{ $json.q }}", categories=categories)
    ends = {"one": node("noOp"), "two": node("noOp")}
    what = asking(sorting, ends, "x > one, x:1 > two")
    told = ScriptedModel(lambda question: json.dumps({"category": question.upper()}))
    assert outputs(what, {}, told) == {"one": [{"q": "a"}], "two": [{"q": "b"}]}


@pytest.mark.parametrize(
    "chosen",
    [
        node("openAi", resource="image"),
        node("openAi", messages={"values": []}),
        node("textClassifier"),
        node("informationExtractor", schemaType="manual", inputSchema="{"),
        node("chainLlm", promptType="define", text="={{ $now }}"),
    ],
)
def test_what_is_not_read_is_declared(chosen: Any) -> None:
    assert statuses(asking(chosen))["x"] == "carried"
