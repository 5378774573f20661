from __future__ import annotations

from registry_tool.manifest.flow.dataflow import Dataflow, inside, shown
from registry_tool.manifest.flow.origins import DataOrigin
from tests.manifest.flow.build import CRM, edge, workflow

READ = edge("read", "http", "q", "customer", **CRM)


def test_what_reaches_an_output() -> None:
    outputs = ({"name": "kept", "type": "string", "block": "customer"},)
    flows = Dataflow(workflow(READ, outputs=outputs), {})
    assert [origin.words for origin, _ in flows.of_output("kept")] == [
        "the answer of crm.example.com",
        "what CRM_TOKEN opens at crm.example.com",
    ]
    assert flows.of_output("unknown") == []


def test_inputs_of_a_called_workflow_are_followed_whatever_they_are() -> None:
    numbers = ({"name": "n", "type": "integer", "block": "n"},)
    copied = edge("copy", "code", "n", "out", code="def main(n): return n")
    flow = workflow(copied, inputs=numbers, outputs=({"name": "out", "block": "out"},))
    (found,) = Dataflow(flow, {}, None, {}).of_output("out")
    assert found == (DataOrigin("input", "n", untrusted=True, private=True), False)


def test_names_of_edges_and_of_sources_inside() -> None:
    flow = workflow(READ, name="helper")
    assert shown(flow.edges[0]) == "read (http)"
    assert (
        inside(DataOrigin("page", "a.example", untrusted=True), flow).words
        == "the page at a.example (in helper)"
    )


def test_whose_words_an_edge_brings_in() -> None:
    closed = {"customer": {"type": "object", "properties": {}, "additionalProperties": False}}
    free, numbers = workflow(READ), workflow(READ, schemas=closed)
    assert [one.words for one in Dataflow(free, {}).words_from_outside(free.edges[0])] == [
        "the answer of crm.example.com"
    ]
    assert Dataflow(numbers, {}).words_from_outside(numbers.edges[0]) == ()


def test_a_called_workflow_whose_outputs_hold_no_words_brings_none() -> None:
    output = ({"name": "n", "type": "integer", "block": "n"},)
    counts = workflow(edge("count", "code", "t", "n", code="def main(t): return 1"), outputs=output)
    call = workflow(edge("call", "workflow", "a", "b", name="counts"))
    flows = Dataflow(call, {"counts": counts})
    assert flows.words_from_outside(call.edges[0]) == ()
    assert not Dataflow(counts, {}).output_holds_words("n")
    assert Dataflow(call, {}).words_from_outside(call.edges[0]) != ()
