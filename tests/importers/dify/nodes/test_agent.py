"""Agents without tools ask a model, once; others say why they don't run."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.values import Object
from tests.importers.dify.exports import MODEL, form, given, imported, outputs, statuses


def agent(**more: Any) -> Any:
    parameters: Object = {
        "model": {"type": "constant", "value": {**MODEL, "model": "gpt-4o", "name": ""}},
        "instruction": {"type": "constant", "value": "Be brief"},
        "query": {"type": "variable", "value": ["s", "q"]},
        **more.pop("parameters", {}),
    }
    node = {
        "type": "agent",
        "agent_strategy_name": "function_calling",
        "agent_parameters": parameters,
        **more,
    }
    return imported({"s": form("q"), "a": node, "e": given("x=a.text")}, "s > a, a > e")


def test_one_without_tools_asks_its_model() -> None:
    what = agent(parameters={"tools": {"value": [{"tool_name": "t", "enabled": False}]}})
    assert statuses(what)["a"] == "runs"
    assert outputs(what, {"q": "hi"}) == {"x": "HI"}
    (edge,) = (one for one in what.manifest["spec"]["edges"] if one["type"] == "llm")
    assert edge["config"]["model"] == "gpt-4o"
    assert edge["config"]["messages"][0] == {"role": "system", "content": "Be brief"}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"parameters": {"tools": {"value": [{"tool_label": "Clock"}]}}}, "plug-ins of Dify (Clock)"),
        ({"agent_strategy_name": "TOD", "agent_strategy_label": "Turns"}, "strategy Turns is a plug-in"),
        ({"agent_strategy_name": None}, "strategy of no name"),
        ({"parameters": {"mcp_server": {"value": "https://x"}}}, "takes mcp_server"),
    ],
)  # fmt: skip
def test_any_other_is_carried_with_the_reason(more: Any, reason: str) -> None:
    report = {node.id: node for node in agent(**more).nodes}["a"]
    assert report.status.value == "carried"
    assert reason in report.why
