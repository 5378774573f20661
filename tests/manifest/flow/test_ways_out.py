from __future__ import annotations

from typing import Any

from registry_tool.manifest.flow.dataflow import Dataflow
from registry_tool.manifest.flow.labels import LabelNode
from registry_tool.manifest.flow.ways_out import (
    MOST_WAYS,
    SAVED_FILES,
    WayOut,
    arriving,
    few,
    ways_out,
)
from registry_tool.manifest.model import Workflow
from tests.manifest.flow.build import CRM, HOOK, edge, text_input, workflow

READ = edge("read", "http", "q", "customer", **CRM)
KEEP = edge("keep", "save", "customer", "kept", path="x.txt")


def test_ways_out_and_what_arrives_there() -> None:
    flows = Dataflow(workflow(READ, KEEP, inputs=(text_input("q"),)), {})
    host, files = ways_out(flows)
    assert (host.destination, host.opened) == (
        "the host crm.example.com",
        ("CRM_TOKEN", "crm.example.com"),
    )
    assert (files.edge, files.step, files.destination) == ("keep", "keep (save)", SAVED_FILES)
    assert [(origin.words, words) for origin, words, _ in arriving(flows, files)] == [
        ("the answer of crm.example.com", True),
        ("what CRM_TOKEN opens at crm.example.com", True),
    ]


def helper(name: str, **more: Any) -> Workflow:
    post = edge("post", "http", "text", "sent", url=HOOK, method="POST", body="{{text}}")
    return workflow(post, inputs=(text_input("text"),), name=name, **more)


def test_those_of_a_called_workflow_take_in_what_it_is_passed() -> None:
    call = edge("call", "workflow", "q", "sent", name="helper", inputs={"text": "{{q}}"})
    flows = Dataflow(workflow(call, inputs=(text_input("q"),)), {"helper": helper("helper")})
    (way,) = ways_out(flows)
    assert (way.edge, way.by, way.destination) == ("call", "helper", "the host hooks.example.com")
    assert [(origin.words, words) for origin, words, _ in arriving(flows, way)] == [
        ("the input q", True)
    ]


def test_workflows_that_call_each_other_end() -> None:
    calls = [
        workflow(edge("e", "workflow", "a", "b", name=after), name=name)
        for name, after in (("one", "two"), ("two", "three"), ("three", "two"))
    ]
    assert list(ways_out(Dataflow(calls[0], {flow.name: flow for flow in calls}))) == []


def way(*blocks: str) -> WayOut:
    inflow = tuple((LabelNode("block", name, name), True) for name in blocks)
    return WayOut("call", "call (workflow)", "the host h", inflow)


def test_each_way_once_and_too_many_as_one_that_takes_in_all() -> None:
    ways = [way(f"b{number}") for number in range(MOST_WAYS)]
    assert list(few([*ways, ways[0]])) == ways
    (one,) = few([*ways, way("more", "b0")])
    assert [node.name for node, _ in one.inflow] == [*(f"b{n}" for n in range(MOST_WAYS)), "more"]
