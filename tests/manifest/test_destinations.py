"""Where one edge sends what it reads, also in the environments that choose other models."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.manifest.destinations import EMBEDDED, destinations
from registry_tool.manifest.load import workflow_from

CHOSEN = {"embedding_model": "far-vectors", "transcription_model": "far-ears"}


def sent(edge: dict[str, Any], block: dict[str, Any] | None = None, **environment: str) -> set[str]:
    """The destinations of an edge from `text` to `out`; the manifest declares the host b.example."""
    value = {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": {"name": "a", "version": "1.0.0"},
        "spec": {
            "blocks": [
                {"id": "text", "type": "text", **(block or {})},
                {"id": "out", "type": "text"},
            ],
            "edges": [{"id": "e", "source": "text", "target": "out", **edge}],
            "interface": {"inputs": [{"name": "given", "type": "any", "block": "text"}]},
            "runtime": {
                "dependencies": {"external_apis": [{"name": "b", "hosts": ["b.example"]}]},
                "environments": {"production": environment},
            },
        },
    }
    workflow = workflow_from(value, "x")
    return set(destinations(workflow, workflow.edges[0]))


EMBEDDING = [
    ("retrieve", {}),
    ("search", {"search_type": "vector"}),
    ("search", {"extra_configs": {"search_type": "vector"}}),
    ("rerank", {"reranker_type": "embedding"}),
    ("chunk", {"chunking_mode": "special", "sub_chunking_mode": "semantic"}),
    ("map", {"edge": {"type": "retrieve", "config": {}}}),
]


@pytest.mark.parametrize(("type_", "config"), EMBEDDING)
def test_vectors_of_a_server_are_a_destination(type_: str, config: dict[str, Any]) -> None:
    edge = {"type": type_, "config": config}
    assert sent(edge, **CHOSEN) == {"the model far-vectors"}
    assert sent(edge) == set()
    assert sent(edge, embedding_model=EMBEDDED) == set()


def test_deep_research_embeds_where_it_looks_into_documents() -> None:
    edge = {"type": "deep_research", "config": {"vector_config": {"top_k": 1}}}
    assert "the model far-vectors" in sent(edge, **CHOSEN)
    assert "the model far-vectors" not in sent({"type": "deep_research", "config": {}}, **CHOSEN)


def test_vectors_that_are_given_ask_nobody() -> None:
    config = {"sub_chunking_mode": "semantic", "docs": ["a"], "embeddings": [[1.0]]}
    assert sent({"type": "chunk", "config": config}, **CHOSEN) == set()


@pytest.mark.parametrize(
    ("type_", "config"),
    [
        ("search", {"search_type": "llm"}),
        ("chunk", {"chunking_mode": "llm"}),
        ("map", {"edge": {"type": "chunk", "config": {"chunking_mode": "llm"}}}),
        ("rerank", {"extra_configs": {"reranker_type": "llm"}}),
        ("query_rewrite", {}),
    ],
)
def test_a_model_for_words_is_a_destination(type_: str, config: dict[str, Any]) -> None:
    assert sent({"type": type_, "config": config}) == {"the environment's model"}


def test_sounds_go_to_the_model_that_writes_them_down() -> None:
    assert sent({"type": "load", "config": {"path": "a.mp3"}}, **CHOSEN) == {"the model far-ears"}
    assert sent({"type": "load"}, {"type": "file"}, **CHOSEN) == {"the model far-ears"}
    assert sent({"type": "load"}, **CHOSEN) == set()


@pytest.mark.parametrize(
    "edge",
    [
        {"type": "load", "config": {"block_type": "weblink"}},
        {"type": "http", "config": {"url": "{{given}}"}},
        {
            "type": "map",
            "config": {"edge": {"type": "http", "config": {"url": "https://{{item}}/"}}},
        },
    ],
)
def test_an_address_that_a_run_gives_may_be_any_declared_host(edge: dict[str, Any]) -> None:
    assert sent(edge) == {"the host b.example"}


def test_a_web_link_in_the_manifest_is_its_host_beside_those_that_a_run_may_give() -> None:
    link = {"type": "weblink", "value": ["https://a.example/page", "nonsense"]}
    assert sent({"type": "load"}, link) == {"the host a.example", "the host b.example"}


def test_a_web_link_that_an_edge_writes_may_be_any_declared_host() -> None:
    link: dict[str, Any] = {"id": "link", "type": "weblink", "value": "https://a.example/page"}
    load: dict[str, Any] = {"id": "get", "type": "load", "source": "link", "target": "out"}
    again: dict[str, Any] = {"id": "back", "type": "loop", "source": "out", "target": "link"}
    hosts: list[Any] = [{"name": "b", "hosts": ["b.example"]}]
    cases: list[tuple[list[Any], set[str]]] = [
        ([load], {"the host a.example"}),
        ([load, again], {"the host a.example", "the host b.example"}),
    ]
    for edges, wanted in cases:
        flow = workflow_from(
            {
                "apiVersion": "puppyai.com/v1",
                "kind": "Workflow",
                "metadata": {"name": "x", "version": "1.0.0"},
                "spec": {
                    "blocks": [link, {"id": "out", "type": "text"}],
                    "edges": edges,
                    "runtime": {"dependencies": {"external_apis": hosts}},
                },
            },
            "x",
        )
        assert destinations(flow, flow.edge_by_id["get"]) == wanted
