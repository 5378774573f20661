"""Whatever stands in a configuration: an edge gives a value or says what is wrong, and never breaks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import Services
from registry_tool.manifest.load import workflow_from
from tests.engine.small import ScriptedModel, go

ITEMS: dict[str, Value] = {"conditions": [{"block": "s", "condition": "contain"}], "thens": "x"}
FIELDS: dict[str, Sequence[str]] = {
    "modify": ("modify_type", "content", "slice", "sort_type", "conversion_mode", "operations"),
    "chunk": ("chunking_mode", "sub_chunking_mode", "chunk_size", "tags", "delimiters", "docs"),
    "branch": ("cases", "else"),
    "llm": ("messages", "prompt", "structured_output", "tools", "temperature", "cache", "retries"),
    "generate": ("queries", "docs", "sys_prompt_template", "user_prompt_template", "model"),
    "search": ("search_type", "sub_search_type", "top_k", "query", "query_id", "docs_id"),
    "retrieve": ("query", "query_id", "data_source", "top_k", "threshold", "collection"),
    "rerank": ("reranker_type", "top_k", "query", "retrieval_chunks"),
    "query_rewrite": ("strategy", "num_query", "iterations", "query"),
    "map": ("over", "edge", "parallel", "on_error"),
    "load": ("path", "block_type", "mode"),
    "save": ("path", "content", "file_name", "file_type"),
}
WORDS = (
    *(
        "copy",
        "edit_text",
        "edit_structured",
        "convert2structured",
        "parse_as_json",
        "parse_as_list",
    ),
    *(
        "special",
        "advanced",
        "semantic",
        "character",
        "token",
        "keyword",
        "vector",
        "llm",
        "embedding",
    ),
    *("ascending", "s", "S", "{{s}}", "{{", "", "a" * 300),
)
OPERATION = {"type": "set_value", "params": {"path": [0], "value": 1}}
values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 10**18) | st.floats(-2, 2) | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "id"]), inner)
    ),
    max_leaves=4,
) | st.sampled_from([[OPERATION], {"a": ITEMS}, {"type": "modify"}])
contents = values | st.sampled_from(["One. Two!\nThree", {"a": {"b": [1]}}, ["x", "y"], "<p>x</p>"])


class Alike:
    """An embedder to which everything is the same."""

    name = "alike"

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [[1.0, 0.0] for _ in texts]


@st.composite
def edges(draw: st.DrawFn) -> Object:
    kind = draw(st.sampled_from(sorted(FIELDS)))
    config: Object = draw(st.dictionaries(st.sampled_from(FIELDS[kind]), values))  # type: ignore[arg-type]
    return {"type": kind, "config": config}


def outcome(edge: Object, content: Value, other: Value, folder: Path) -> str:
    """The run's error, empty for a success. Anything but our own errors is raised."""
    value: Value = {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": {"name": "a", "version": "1.0.0"},
        "spec": {
            "blocks": [
                {"id": "s", "type": "structured", "metadata": {"label": "S"}, "value": content},
                {"id": "u", "type": "structured", "value": other},
                {"id": "t", "type": "structured"},
            ],
            "edges": [{"id": "e", "source": ["s", "u"], "target": "t", **edge}],
        },
    }
    services = Services(model=ScriptedModel(), embedder=Alike(), resources=folder, workspace=folder)

    async def at_once(_: float) -> None:
        pass

    return go(workflow_from(value, "x"), services=services, sleep=at_once).error


@given(edges(), contents, contents)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_edge_gives_a_value_or_says_what_is_wrong(
    tmp_path: Path, edge: Object, content: Value, other: Value
) -> None:
    assert "Traceback" not in outcome(edge, content, other, tmp_path)


def contain(wanted: Value) -> Any:
    condition = {"block": "s", "condition": "contain", "parameters": {"value": wanted}}
    return {"cases": {"a": {"conditions": [condition], "thens": [{"from": "s", "to": "t"}]}}}


@pytest.mark.parametrize(
    ("type_", "config", "expected"),
    [
        (
            "llm",
            {"messages": [{"role": ["user"], "content": "x"}]},
            "config.messages.0.role: must be one of system",
        ),
        (
            "branch",
            {"cases": {"a": {"conditions": ["x"]}}},
            "config.cases.a.conditions.0: must be of type object",
        ),
        ("branch", {"cases": {"a": {"conditions": [{"condition": []}]}}}, "needs the key 'block'"),
        (
            "branch",
            {"cases": {"a": {"conditions": [{"condition": "is", "block": {}}]}}},
            "config.cases.a.conditions.0.block: must be of type string",
        ),
        ("branch", {**contain([1]), "else": 1}, "config.else: must be of type array or object"),
        ("branch", contain([1]), ""),
        (
            "modify",
            {"modify_type": "edit_structured", "operations": 3},
            "config.operations: must be of type array",
        ),
        (
            "modify",
            {"modify_type": "edit_structured", "operations": [{"type": []}]},
            "config.operations.0.type: must be one of",
        ),
        ("modify", {"modify_type": "edit_structured", "operations": [OPERATION]}, ""),
        (
            "modify",
            {"modify_type": "edit_text", "sort_type": []},
            "config.sort_type: must be one of",
        ),
        ("chunk", {"chunking_mode": "advanced", "tags": 3}, "config.tags: must be of type array"),
        ("chunk", {"chunking_mode": "advanced", "tags": [[]]}, ""),
        ("retrieve", {"query": "x", "top_k": 10**18}, ""),
        ("load", {"path": "a" * 300}, "no such file"),
        ("save", {"path": "a" * 300}, "can't be written: File name too long"),
    ],
)
def test_nonsense_is_reported(type_: str, config: Object, expected: str, tmp_path: Path) -> None:
    error = outcome({"type": type_, "config": config}, {"a": 1}, ["x"], tmp_path)
    assert expected in error if expected else error == ""
