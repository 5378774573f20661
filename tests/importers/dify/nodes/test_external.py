"""What nothing of ours does is declared with all that it reads."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.dify.exports import form, given, imported, ran, statuses


def test_a_tool_is_declared_with_its_parameters_and_a_run_says_so() -> None:
    tool: Any = {
        "type": "tool",
        "provider_name": "amap",
        "tool_name": "weather",
        "tool_label": "Weather",
        "tool_parameters": {
            "city": {"type": "mixed", "value": "in {{#s.q#}}"},
            "day": {"type": "variable", "value": ["s", "q"]},
        },
        "tool_configurations": {"units": "metric"},
    }
    what = imported({"s": form("q"), "t": tool, "e": given("x=t.text")}, "s > t, t > e")
    (edge,) = (one for one in what.manifest["spec"]["edges"] if one["type"] == "external")  # type: ignore[index, union-attr, call-overload]
    config: Any = edge["config"]  # type: ignore[index, call-overload]
    assert (config["service"], config["operation"]) == ("amap", "Weather")
    assert config["inputs"] == {"units": "metric", "city": "in {{q}}", "day": "{{q}}"}
    assert "amap (Weather) runs elsewhere: a plug-in of Dify" in ran(what, {"q": "Bonn"}).error


@pytest.mark.parametrize(
    "type_",
    [
        "agent",
        "knowledge-retrieval",
        "document-extractor",
        "loop",
        "human-input",
        "datasource",
        "brand-new",
    ],
)
def test_every_other_type_is_declared(type_: str) -> None:
    node: Any = {"type": type_, "input_selector": ["s", "q"]}
    what = imported({"s": form("q"), "n": node, "e": given("x=n.result")}, "s > n, n:somehow > e")
    assert statuses(what) == {"s": "runs", "n": "carried", "e": "runs"}
    assert what.nodes[1].why


def test_what_a_template_can_not_hold_is_kept_out_of_it() -> None:
    tool: Any = {
        "type": "tool",
        "provider_name": "amap",
        "tool_configurations": {"plain": "a {{b}} {{#s.q#}}", "deep": {"value": {"c": "{{d}}"}}},
        "tool_parameters": {"x": {"type": "variable", "value": ["s", "q}}", "{{y"]}},
    }
    what = imported({"s": form("q"), "t": tool}, "s > t")
    spec: Any = what.manifest["spec"]
    (edge,) = (one for one in spec["edges"] if one["type"] == "external")
    assert edge["config"]["inputs"] == {
        "plain": "a \\{{b}} {{q}}",
        "deep": {"c": "\\{{d}}"},
        "x": "{{nothing}}",
    }
    assert ["s.q}}.{{y" in str(loss) for loss in what.not_carried] == [True]
