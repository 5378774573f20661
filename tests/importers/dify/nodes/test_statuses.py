"""The table of node types in docs/importers.md: each type that is built has a row, each status of a row occurs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from registry_tool.importers.dify.nodes.all_nodes import PARTS, STEPS
from tests.importers.dify.exports import MODEL, form, imported, statuses

PAGE = Path(__file__).parents[4] / "docs/importers.md"
SEES = {"enabled": True, "configs": {"variable_selector": ["s", "q"]}}
PROMPT = [{"role": "user", "text": "Hi"}]
ANSWERING = {"type": "answer", "answer": "x", "inside": "n"}
SAMPLES: list[tuple[str, str, Any]] = [
    ("start", "runs", {}),
    ("trigger-webhook", "needs", {"params": [{"name": "q"}]}),
    ("trigger-schedule", "needs", {}),
    ("end", "runs", {"outputs": []}),
    ("answer", "runs", {"answer": "x"}),
    ("llm", "runs", {"model": MODEL, "prompt_template": PROMPT}),
    ("llm", "needs", {"model": MODEL, "prompt_template": PROMPT, "vision": SEES}),
    ("parameter-extractor", "runs", {"model": MODEL, "query": ["s", "q"], "parameters": []}),
    ("parameter-extractor", "needs", {"model": MODEL, "query": ["s", "q"], "vision": SEES}),
    ("question-classifier", "runs", {"model": MODEL, "classes": [{"id": "1", "name": "a"}]}),
    ("knowledge-retrieval", "needs", {"query_variable_selector": ["s", "q"]}),
    ("knowledge-retrieval", "carried", {}),
    ("template-transform", "runs", {"template": "x"}),
    ("template-transform", "carried", {"template": "{% include 'x' %}"}),
    ("code", "runs", {"code_language": "python3", "code": "def main():\n    return {}\n"}),
    ("code", "carried", {"code_language": "javascript", "code": "function main() {}"}),
    ("if-else", "runs", {"cases": [{"case_id": "true", "conditions": []}]}),
    ("variable-aggregator", "runs", {"variables": [["s", "q"]]}),
    ("variable-assigner", "runs", {"variables": [["s", "q"]]}),
    ("list-operator", "runs", {"variable": ["s", "q"]}),
    ("assigner", "carried", {"items": [{"variable_selector": ["s", "q"]}]}),
    ("iteration", "carried", {}),
    ("loop", "carried", {}),
    ("human-input", "carried", {}),
    ("http-request", "runs", {"url": "https://a.example", "method": "get"}),
    (
        "http-request",
        "needs",
        {
            "url": "https://a.example",
            "authorization": {"type": "api-key", "config": {"type": "bearer", "api_key": "x"}},
        },
    ),
    ("http-request", "carried", {"url": "{{#s.q#}}"}),
    ("document-extractor", "needs", {"variable_selector": ["s", "q"]}),
    ("document-extractor", "carried", {}),
    ("tool", "runs", {"provider_id": "duckduckgo", "tool_name": "ddgo_search",
                      "tool_parameters": {"query": {"value": "x"}}}),
    ("tool", "needs", {"provider_id": "google", "tool_name": "google_search",
                       "tool_parameters": {"query": {"value": "x"}}}),
    ("tool", "carried", {"provider_id": "amap", "tool_name": "weather"}),
    ("agent", "runs", {"agent_strategy_name": "react", "agent_parameters": {}}),
    ("agent", "carried", {"agent_strategy_name": "mine"}),
    ("trigger-plugin", "carried", {}),
    ("datasource", "carried", {}),
    ("knowledge-index", "carried", {}),
    ("note", "carried", {}),
]  # fmt: skip
WITHIN: list[tuple[str, str, Any]] = [
    ("assigner", "runs", {"items": [{"variable_selector": ["conversation", "v"], "operation": "clear"}]}),
    ("iteration", "runs", {"iterator_selector": ["s", "q"], "output_selector": ["i", "answer"]}),
    ("loop", "runs", {"loop_count": 1, "break_conditions": []}),
    ("loop-end", "runs", {"inside": "n"}),
]  # fmt: skip
"""Those that stand in something, or something in them."""


def table() -> set[tuple[str, str]]:
    """Types and statuses of the page."""
    text = PAGE.read_text("utf-8").partition("## Dify\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([a-z, -]+) \| ((?:runs|needs|carried|, )+) \|", text, re.MULTILINE)
    return {(t, s) for types, found in rows for t in types.split(", ") for s in found.split(", ")}


def test_each_type_that_is_built_has_its_row_and_each_row_its_samples() -> None:
    rows = table()
    assert {type_ for type_, _ in rows} >= {*STEPS, *PARTS}
    assert rows == {(type_, status) for type_, status, _ in (*SAMPLES, *WITHIN)}


@pytest.mark.parametrize(("type_", "status", "data"), SAMPLES)
def test_a_node_becomes_what_its_row_tells(type_: str, status: str, data: Any) -> None:
    what = imported({"s": form("q"), "n": {"type": type_, **data}}, "s > n")
    assert statuses(what)["n"] == status


@pytest.mark.parametrize(("type_", "status", "data"), WITHIN)
def test_so_does_one_with_something_around_or_in_it(type_: str, status: str, data: Any) -> None:
    nodes: Any = {"s": form("q"), "n": {"type": type_, **data}}
    if type_ in {"iteration", "loop"}:
        nodes["i"] = ANSWERING
    if type_ == "loop-end":
        nodes = {
            "s": form("q"),
            "n": {"type": "loop", "loop_count": 1},
            "i": {"type": type_, **data},
        }
    more: Any = {"conversation_variables": [{"name": "v", "value": "x", "value_type": "string"}]}
    what = imported(nodes, "s > n", mode="advanced-chat", **more)
    assert statuses(what)["i" if type_ == "loop-end" else "n"] == status
