"""The editor shape: nodes and wires become blocks and edges of the engine shape."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.importers.puppyflow.editor import engine_shape
from registry_tool.importers.puppyflow.model import Loss


def node(name: str, type_: str, **data: Any) -> dict[str, Any]:
    return {"id": name, "type": type_, "data": {"label": name.upper(), **data}}


def wire(source: str, target: str) -> dict[str, Any]:
    return {"id": f"{source}{target}", "source": source, "target": target}


def convert(*nodes: Any, wires: str = "a>op b>op op>c") -> tuple[Any, list[Loss]]:
    losses: list[Loss] = []
    usual = [node("a", "text", content="x"), node("b", "text", content="y"), node("c", "text")]
    ends = [wire(*pair.split(">")) for pair in wires.split()]
    return engine_shape({"blocks": [*usual, *nodes], "edges": ends}, losses), losses


def data_of(type_: str, **data: Any) -> tuple[str, dict[str, Any]]:
    document, losses = convert(node("op", type_, **data))
    assert losses == []
    edge = document["edges"]["op"]
    assert edge["data"].pop("inputs") == {"a": "A", "b": "B"}
    assert edge["data"].pop("outputs") == {"c": "C"}
    return edge["type"], edge["data"]


CHOICE = {"modelAndProvider": {"id": "m"}}


@pytest.mark.parametrize(
    ("type_", "data", "edge_type", "expected"),
    [
        ("copy", {}, "modify", {"modify_type": "copy", "content": "{{A}}", "extra_configs": {}}),
        ("convert2text", {}, "modify", {"modify_type": "convert2text", "content": "{{A}}"}),
        (
            "convert2structured",
            {"execMode": "split by character", "extra_configs": {"list_separator": '[","]'}},
            "modify",
            {
                "modify_type": "convert2structured",
                "content": "{{A}}",
                "extra_configs": {
                    "conversion_mode": "split_by_character",
                    "action_type": "default",
                    "list_separator": [","],
                },
            },
        ),
        (
            "editText",
            {"content": "{{B}}!", "extra_configs": {"retMode": "return last n", "configNum": 3}},
            "modify",
            {
                "modify_type": "edit_text",
                "content": "{{B}}!",
                "extra_configs": {"slice": [-3, -1], "sort_type": "/"},
            },
        ),
        (
            "editStructured",
            {"type": "get", "getConfigData": [{"key": "num", "value": "0"}, {"key": "key", "value": "1"}]},
            "modify",
            {
                "modify_type": "edit_structured",
                "content": "{{A}}",
                "extra_configs": {
                    "operations": [
                        {
                            "type": "get",
                            "params": {"path": [0, "1"], "default": "Get Failed, value not exist"},
                        }
                    ]
                },
            },
        ),
        (
            "editStructured",
            {"type": "replace", "getConfigData": [{"key": "key", "value": "k"}], "paramv": "v"},
            "modify",
            {
                "modify_type": "edit_structured",
                "content": "{{A}}",
                "extra_configs": {
                    "operations": [{"type": "set_value", "params": {"path": ["k"], "value": "v"}}]
                },
            },
        ),
        ("chunkingAuto", {}, "chunk", {"chunking_mode": "auto", "extra_configs": {}}),
        (
            "chunkingByLength",
            {},
            "chunk",
            {
                "chunking_mode": "length",
                "sub_chunking_mode": "size",
                "extra_configs": {"chunk_size": 200, "overlap": 20, "handle_half_word": False},
            },
        ),
        (
            "chunkingByCharacter",
            {"delimiters": ["."]},
            "chunk",
            {
                "chunking_mode": "character",
                "sub_chunking_mode": "character",
                "extra_configs": {"delimiters": ["."]},
            },
        ),
        (
            "chunk",
            {"subMenuType": "chunk-ForHTML"},
            "chunk",
            {"chunking_mode": "advanced", "sub_chunking_mode": "html", "extra_configs": {}},
        ),
        (
            "llmnew",
            {"content": [{"role": "user", "content": "{{A}}"}], "max_tokens": 9, **CHOICE},
            "llm",
            {
                "messages": [{"role": "user", "content": "{{A}}"}],
                "model": "m",
                "max_tokens": 9,
                "temperature": 0.7,
                "structured_output": False,
            },
        ),
        (
            "search",
            {"subMenuType": "search-Google", "top_k": 2},
            "search",
            {
                "search_type": "web",
                "sub_search_type": "google",
                "top_k": 2,
                "query_id": {"a": "A"},
                "extra_configs": {},
            },
        ),
        (
            "searchPerplexity",
            {},
            "search",
            {
                "search_type": "qa",
                "sub_search_type": "perplexity",
                "query_id": {"a": "A"},
                "extra_configs": {"model": "sonar-pro"},
            },
        ),
        (
            "retrieving",
            {"query_id": {"id": "b", "label": "B"}, "extra_configs": {"threshold": 0.5}},
            "search",
            {
                "search_type": "vector",
                "top_k": 5,
                "threshold": 0.5,
                "query_id": {"b": "B"},
                "data_source": [{"id": "a", "label": "A"}],
                "extra_configs": {"model": "text-embedding-ada-002"},
            },
        ),
        (
            "generate",
            {"query_ids": {"id": "b", "label": "B"}, "document_ids": {"id": "a"}, **CHOICE},
            "generator",
            {
                "queries": ["b"],
                "docs": ["a"],
                "sys_prompt_template": "default",
                "user_prompt_template": "default",
                "model": "m",
                "max_tokens": 2048,
                "structured_output": False,
            },
        ),
        ("code", {"code": "def f(): ..."}, "code", {"code": "def f(): ..."}),
        (
            "load",
            {},
            "load",
            {"block_type": "file", "content": "a", "extra_configs": {"file_configs": []}},
        ),
    ],
)  # fmt: skip
def test_operations(
    type_: str, data: dict[str, Any], edge_type: str, expected: dict[str, Any]
) -> None:
    assert data_of(type_, **data) == (edge_type, expected)


@pytest.mark.parametrize(
    "condition",
    [
        {"condition": "is greater than [N] characters", "cond_v": "5"},
        {"condition": "", "cond_v": "is greater than [N] characters", "cond_input": "5"},
    ],
)
def test_conditions_of_both_generations(condition: dict[str, Any]) -> None:
    last = {"id": "b", "condition": "contains", "cond_v": "z", "operation": "and"}
    case = {
        "conditions": [{"id": "a", "operation": "OR", **condition}, last],
        "actions": [{"from_id": "b", "outputs": ["c"]}],
    }
    assert data_of("choose", cases=[case, {"conditions": []}]) == (
        "ifelse",
        {
            "cases": {
                "case1": {
                    "conditions": [
                        {
                            "block": "a",
                            "condition": "greater_than_n_chars",
                            "parameters": {"value": 5},
                            "operation": "or",
                        },
                        {
                            "block": "b",
                            "condition": "contain",
                            "parameters": {"value": "z"},
                            "operation": "/",
                        },
                    ],
                    "thens": [{"from": "b", "to": "c"}],
                },
                "case2": {"conditions": [], "thens": [{"from": "a", "to": "c"}]},
            }
        },
    )


def test_inputs_stand_in_the_order_of_the_wires() -> None:
    document, _ = convert(node("op", "copy"), wires="b>op a>op op>c")
    data = document["edges"]["op"]["data"]
    assert list(data["inputs"]) == ["b", "a"]
    assert data["content"] == "{{B}}"


def test_what_does_nothing_is_reported() -> None:
    _, losses = convert(
        node("op", "copy"),
        node("idle", "llmnew"),
        node("g", "group"),
        node("z", "hologram"),
        wires="a>op op>c a>idle a>b a>ghost",
    )
    assert [(loss.where, loss.why) for loss in losses] == [
        ("blocks.g", "groups only arrange the canvas"),
        ("blocks.z", "its type is unknown"),
        ("edges[3]", "it joins a and b, which are not a block and an operation"),
        ("edges[4]", "there is no node 'ghost'"),
        ("blocks.idle", "no wire leads from it to a block, so it computes nothing"),
    ]


def test_messages_that_the_editor_leaves_out_are_reported() -> None:
    _, losses = convert(node("op", "llmnew", content=[{"role": "assistant", "content": "x"}]))
    assert [loss.what for loss in losses] == ["a message of the role assistant"]


def test_structured_text_is_parsed() -> None:
    good = node("s", "structured", content='[{"a": 1}]')
    bad = node("t", "structured", content="[1, ")
    big = node("u", "structured", content="[9007199254740993]")
    document, losses = convert(good, bad, big, wires="")
    contents = [document["blocks"][name]["data"]["content"] for name in "stu"]
    assert contents == [[{"a": 1}], "[1, ", "[9007199254740993]"]
    assert [loss.where for loss in losses] == ["blocks.t", "blocks.u"]


def test_empty_roots_wait_for_somebody() -> None:
    document, _ = convert(node("d", "text", content=""), wires="")
    assert document["blocks"]["d"]["data"]["content"] is None


@pytest.mark.parametrize(
    ("blocks", "location"),
    [
        ([node("a", "text"), node("a", "text")], "blocks[1].id"),
        ([{"type": "text"}], "blocks[0].id"),
        (["a"], "blocks[0]"),
    ],
)
def test_broken_nodes_are_refused(blocks: Any, location: str) -> None:
    with pytest.raises(RegistryError) as error:
        engine_shape({"blocks": blocks, "edges": []}, [])
    assert error.value.location == location
