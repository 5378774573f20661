"""Nodes, wires and what serves what; circles are cut where they close."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.importers.imported import ForeignError
from registry_tool.importers.n8n.document import read_flow, recognises
from tests.importers.n8n.flows import flow, node


def test_types_lose_their_packages_name() -> None:
    found = read_flow(
        flow({"a": node("set", 3.4), "m": node("lmChatOpenAi")}, "m ~ai_languageModel~ a")
    )
    assert [one.type for one in found.nodes.values()] == ["set", "lmChatOpenAi"]
    assert found.nodes["a"].version == 3.4
    assert [one.name for one in found.serving("a", "ai_languageModel")] == ["m"]
    assert found.serves("m")
    assert not found.serves("a")


def test_what_leads_back_to_a_loop_over_items_is_no_wire() -> None:
    nodes = {"l": node("splitInBatches", 3), "a": node("noOp"), "b": node("noOp")}
    found = read_flow(flow(nodes, "l:1 > a, a > b, b > l"))
    assert [wire.source for wire in found.returns] == ["b"]
    assert found.cycles == ()
    other = read_flow(flow({"a": node("noOp"), "b": node("if", 2)}, "a > b, b:1 > a"))
    assert [(wire.source, wire.target) for wire in other.cycles] == [("b", "a")]


def test_a_workflow_is_recognised_by_nodes_and_connections() -> None:
    assert recognises(flow({"a": node("set")}))
    assert not recognises({"nodes": [{"data": {}}], "connections": {}})
    assert not recognises({"nodes": []})


@pytest.mark.parametrize(
    ("nodes", "location"),
    [
        ([{"type": "x", "name": ""}], "nodes.0.name"),
        ([{"type": "x", "name": "a"}, {"type": "x", "name": "a"}], "nodes.1.name"),
        (["x"], "nodes.0"),
        ([{"type": "x", "name": str(n)} for n in range(1001)], "nodes"),
    ],
)
def test_what_is_broken_is_named(nodes: Any, location: str) -> None:
    with pytest.raises(ForeignError) as error:
        read_flow({"nodes": nodes, "connections": {}})
    assert error.value.location == location
