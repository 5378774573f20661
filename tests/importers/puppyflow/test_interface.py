"""What the editor never writes down: inputs, outputs and services."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.puppyflow.documents import edge, spec_of, text


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
