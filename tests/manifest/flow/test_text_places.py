from __future__ import annotations

from registry_tool.manifest.binding import bind
from registry_tool.manifest.flow.reads import BLOCK, INPUT, Read
from registry_tool.manifest.flow.text_places import TextPlaces
from registry_tool.manifest.model import Edge
from tests.manifest.flow.build import edge, text_input, workflow

REPORT = {
    "type": "object",
    "properties": {"score": {"type": "number"}, "why": {"type": "string"}},
    "required": ["score", "why"],
}


def test_a_part_of_a_block_may_hold_none_where_the_whole_does() -> None:
    ask = edge("ask", "llm", "a", "report", prompt="{{a}}")
    flow = workflow(ask, inputs=(text_input("a"),), schemas={"report": REPORT})
    places = TextPlaces(flow, bind(flow))
    assert places.block("report")
    assert places.read(flow.edges[0], Read(BLOCK, "report", ("why",)))
    assert not places.read(flow.edges[0], Read(BLOCK, "report", ("score",)))


def test_an_input_holds_what_its_type_lets_in() -> None:
    flow = workflow(inputs=(text_input("a"), text_input("b", enum=["x"])))
    places = TextPlaces(flow, bind(flow))
    assert places.input("a")
    assert not places.input("b")
    assert not places.block("b")
    assert places.read(edge_of(), Read(INPUT, "a"))


def edge_of() -> Edge:
    return workflow(edge("e", "llm", "a", "b")).edges[0]
