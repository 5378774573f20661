from __future__ import annotations

from registry_tool.engine.testing.canaries.orders import order_of
from registry_tool.manifest.model import TestCase
from registry_tool.runtime.planting import RunPlanting, sources_in
from tests.manifest.flow.build import CRM, edge, text_input, workflow

FIRST, SECOND = order_of("canaryaa"), order_of("canaryab")
FLOW = workflow(
    edge("read", "http", "q", "customer", **CRM),
    edge("ask", "llm", "customer", "said", prompt="{{customer}}", model="m"),
    inputs=(text_input("q"), {"name": "count", "type": "integer"}),
)
READ, ASK = FLOW.edges


def planting(*obeying: str) -> RunPlanting:
    case = TestCase("one", {"q": "Who am I?", "count": 3})
    return RunPlanting(FLOW, sources_in(FLOW, {}), case, frozenset(obeying))


def test_which_sources_there_are() -> None:
    found = sources_in(FLOW, {})
    assert (found.inputs, found.edges) == ({"q": "canaryaa"}, {"read": "canaryab"})
    assert found.names == {
        "canaryaa": "the input q",
        "canaryab": "the answer of crm.example.com",
    }


def test_inputs_and_what_edges_bring_in_have_an_order_each() -> None:
    run = planting()
    assert run.inputs == {"q": f"Who am I? {FIRST}", "count": 3}
    assert run.alter(READ, {"customer": "Ada B"}) == {"customer": f"Ada B {SECOND}"}
    assert run.alter(ASK, {"said": "Hello"}) == {"said": "Hello"}


def test_an_answer_by_hand_obeys_what_its_edge_reads() -> None:
    run = planting("ask", "read")
    assert run.alter(ASK, {"said": "Hello"}) == {"said": "Hello"}  # it read nothing yet
    assert run.alter(READ, {"customer": "Ada B"}) == {"customer": f"Ada B {SECOND}"}
    assert run.alter(ASK, {"said": "Hello"}) == {"said": SECOND}
