"""What becomes of the parts of an engine-shape document."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.importers.puppyflow.metadata import slug
from registry_tool.importers.puppyflow.read import read


def text(content: Any = "x", **more: Any) -> dict[str, Any]:
    return {"type": "text", "data": {"content": content}, **more}


def edge(type_: str, inputs: list[str], outputs: list[str], **data: Any) -> dict[str, Any]:
    ends = {"inputs": dict.fromkeys(inputs, ""), "outputs": dict.fromkeys(outputs, "")}
    return {"type": type_, "data": {**data, **ends}}


def spec_of(blocks: dict[str, Any], edges: dict[str, Any]) -> Any:
    return read({"blocks": blocks, "edges": edges}, name="x").manifest["spec"]


def config_of(foreign: dict[str, Any]) -> Any:
    return spec_of({"a": text(label="A"), "b": text("")}, {"e": foreign})["edges"][0]["config"]


def losses_of(blocks: dict[str, Any], edges: dict[str, Any]) -> list[tuple[str, str]]:
    imported = read({"blocks": blocks, "edges": edges}, name="x")
    return [(loss.where, loss.what) for loss in imported.not_carried]


def test_contents_are_constants_or_records() -> None:
    spec = spec_of(
        {"a": text(), "b": text("an old result"), "c": text("")},
        {"e": edge("modify", ["a"], ["b", "c"], modify_type="copy")},
    )
    assert [block.get("value") for block in spec["blocks"]] == ["x", None, None]
    assert spec["x-recorded"] == {"b": "an old result"}


def test_roots_become_inputs_and_ends_outputs() -> None:
    blocks = {
        "1": text(label="Topic of the day"),
        "2": text(None, label="主题"),
        "3": {"type": "structured", "data": {"content": [1]}, "looped": True},
        "4": text(""),
        "5": text("alone"),
    }
    spec = spec_of(blocks, {"e": edge("llm", ["2", "1", "3"], ["4"])})
    assert spec["edges"][0]["source"] == ["2", "1", "3"]
    assert spec["interface"] == {
        "inputs": [
            {"name": "Topic_of_the_day", "type": "string", "default": "x", "block": "1"},
            {"name": "block_2", "type": "string", "required": True, "block": "2"},
            {"name": "block_3", "type": "any", "default": [1], "block": "3"},
        ],
        "outputs": [{"name": "block_4", "block": "4"}],
    }


def test_names_of_the_interface_are_unique() -> None:
    blocks = {"a": text(label="q"), "b": text(label="q"), "c": text("")}
    spec = spec_of(blocks, {"e": edge("llm", ["a", "b"], ["c"])})
    assert [port["name"] for port in spec["interface"]["inputs"]] == ["q", "q_2"]


@pytest.mark.parametrize(
    ("foreign", "ours"),
    [
        (edge("ifelse", ["a"], ["b"]), "branch"),
        (edge("choose", ["a"], ["b"]), "branch"),
        (edge("generator", ["a"], ["b"]), "generate"),
        (edge("search", ["a"], ["b"], search_type="vector"), "retrieve"),
        (edge("search", ["a"], ["b"], search_type="qa"), "search"),
        (edge("rerank", ["a"], ["b"]), "rerank"),
    ],
)
def test_edge_types(foreign: dict[str, Any], ours: str) -> None:
    assert spec_of({"a": text(), "b": text("")}, {"e": foreign})["edges"][0]["type"] == ours


@pytest.mark.parametrize(
    ("foreign", "config"),
    [
        (
            edge("chunk", ["a"], ["b"], extra_config={"chunk_size": 5}),
            {"extra_configs": {"chunk_size": 5}},
        ),
        (edge("modify", ["a"], ["b"], modify_type="copy", extra_config={"slice": [0, 1]}),
         {"modify_type": "copy"}),
        (edge("code", ["a"], ["b"], code_string="def f(arg_a): ..."),
         {"code": "def f(arg_a): ..."}),
        (edge("llm", ["a"], ["b"], model={"m": {}}, looped=False), {"model": "m"}),
        (
            edge("llm", ["a"], ["b"], messages=[{"content": "{{A}} {{a}} {{b}}"}]),
            {"messages": [{"role": "user", "content": "{{A}} \\{{a}} \\{{b}}"}]},
        ),
        (
            edge("ifelse", ["a"], ["b"], cases={"c": {"conditions": [], "then": []}}),
            {"cases": {"c": {"conditions": [], "thens": []}}},
        ),
        (
            edge("search", ["a"], ["b"], search_type="qa", extra_configs={"model": {"sonar": {}}}),
            {"search_type": "qa", "extra_configs": {"model": "sonar"}},
        ),
    ],
)  # fmt: skip
def test_configurations(foreign: dict[str, Any], config: dict[str, Any]) -> None:
    assert config_of(foreign) == config


def test_what_the_editor_ignores_is_reported() -> None:
    foreign = edge("modify", ["a"], ["b"], modify_type="copy", extra_config={"slice": [0, 1]})
    assert losses_of({"a": text(), "b": text("")}, {"e": foreign}) == [("edges.e", "extra_config")]


def test_unknown_things_are_reported_and_nothing_that_only_looks() -> None:
    blocks = {"a": text(position={"x": 1}, strange=1), "b": {"type": "hologram", "data": {"z": 2}}}
    edges = {"e": edge("teleport", ["a"], ["b"])}
    assert losses_of(blocks, edges) == [
        ("blocks.a", "strange"),
        ("blocks.b", "the type hologram"),
        ("blocks.b", "z"),
        ("edges.e", "an edge of type 'teleport'"),
    ]


def test_content_in_the_editors_storage() -> None:
    pointer = {"external_metadata": {"resource_key": "k"}, "storage_class": "external"}
    away: Any = {"type": "text", "data": dict(pointer)}
    here: Any = {"type": "text", "data": {**pointer, "content": "x"}}
    imported = read({"blocks": {"away": away, "here": here}, "edges": {}}, name="x")
    spec: Any = imported.manifest["spec"]
    assert [block.get("config") for block in spec["blocks"]] == [pointer, None]
    assert [(loss.where, loss.what) for loss in imported.not_carried] == [
        ("blocks.away", "the content"),
        ("blocks.here", "external_metadata"),
    ]


def test_an_edge_without_ends_gets_stand_ins() -> None:
    spec = spec_of({"b": text("")}, {"e": edge("llm", [], ["b"]), "f": edge("save", ["b"], [])})
    assert [block["id"] for block in spec["blocks"]] == ["b", "e-start", "f-end"]
    assert spec["edges"][0]["source"] == "e-start"
    assert spec["edges"][1]["target"] == "f-end"
    assert "interface" not in spec


def test_ids_that_break_the_rules_are_renamed_everywhere() -> None:
    foreign = edge("generator", ["my block"], ["b"], queries=["my block"])
    imported = read(
        {"blocks": {"my block": text(), "b": text("")}, "edges": {"e": foreign}}, name="x"
    )
    spec: Any = imported.manifest["spec"]
    new = spec["blocks"][0]["id"]
    assert spec["blocks"][0]["metadata"] == {"label": "my block"}
    assert spec["edges"][0]["source"] == new
    assert spec["edges"][0]["config"]["queries"] == [new]
    assert [loss.where for loss in imported.not_carried] == ["blocks.my block"]


def test_services_are_declared() -> None:
    edges = {
        "1": edge("llm", ["a"], ["b"]),
        "2": edge("search", ["a"], ["b"], search_type="web", sub_search_type="google"),
        "3": edge("search", ["a"], ["b"], search_type="qa"),
        "4": edge(
            "search", ["a"], ["b"], search_type="vector", extra_configs={"db_type": "pinecone"}
        ),
    }
    spec = spec_of({"a": text(), "b": text("")}, edges)
    assert spec["runtime"]["dependencies"]["external_apis"] == [
        {"name": "google", "required": True, "hosts": ["www.googleapis.com"]},
        {"name": "openai", "required": True},
        {"name": "perplexity", "required": True, "hosts": ["api.perplexity.ai"]},
        {"name": "pinecone", "required": False},
    ]


@pytest.mark.parametrize(
    ("type_", "data", "service"),
    [
        (
            "search",
            {"search_type": "web", "extra_configs": {"sub_search_type": "ddg"}},
            "duckduckgo",
        ),
        ("search", {"search_type": "elastic"}, "elasticsearch"),
        ("search", {"search_type": "llm"}, "openai"),
        ("rerank", {"reranker_type": "cohere"}, "cohere"),
        (
            "deep_research",
            {"extra_configs": {"web_config": {"sub_search_type": "ddg"}}},
            "duckduckgo",
        ),
    ],
)
def test_every_service_has_its_name(type_: str, data: Any, service: str) -> None:
    spec = spec_of({"a": text(), "b": text("")}, {"e": edge(type_, ["a"], ["b"], **data)})
    found = {api["name"] for api in spec["runtime"]["dependencies"]["external_apis"]}
    assert service in found


def test_a_circle_is_reported() -> None:
    edges = {"e": edge("llm", ["a"], ["b"]), "f": edge("llm", ["b"], ["a"])}
    assert losses_of({"a": text(), "b": text("")}, edges)[0][0] == "edges"


@pytest.mark.parametrize(
    ("value", "location", "reason"),
    [
        ([], "the document", "must be an object"),
        ({"nodes": []}, "the document", "no PuppyFlow workflow"),
        ({"blocks": {"a": 1}}, "blocks.a", "must be an object"),
        ({"blocks": {}, "edges": [1]}, "edges", "must be an object"),
        ({"blocks": {}, "edges": {"e": {}}}, "edges.e", "needs a type"),
        (
            {"blocks": {}, "edges": {"e": edge("llm", ["ghost"], [])}},
            "edges.e.data.inputs",
            "'ghost', which does not exist",
        ),
    ],
)
def test_broken_documents_are_refused(value: Any, location: str, reason: str) -> None:
    with pytest.raises(RegistryError, match=reason) as error:
        read(value, name="x")
    assert error.value.location == location


def test_depth_is_refused_without_recursion() -> None:
    value: Any = "x"
    for _ in range(5000):
        value = [value]
    with pytest.raises(RegistryError, match="nested"):
        read({"blocks": {"a": text(value)}, "edges": {}}, name="x")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("test_edit_text", "test-edit-text"),
        ("Agentic RAG", "agentic-rag"),
        ("名", "imported-workflow"),
        ("con", "con-workflow"),
        ("x" * 80, "x" * 64),
    ],
)
def test_slug(words: str, name: str) -> None:
    assert slug(words) == name
