"""Ways in which an author might hide a toxic flow: each of them sends a customer's data and the web's words on."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.manifest.egress import egress
from registry_tool.manifest.flow import ways_out
from registry_tool.manifest.flow.origins import hosts_of
from registry_tool.manifest.flow.toxic import toxic_flows, unsettled
from registry_tool.manifest.model import Edge, Workflow
from tests.manifest.flow.build import CRM, HOOK, edge, text_input, workflow

READ = edge("read", "http", "q", "customer", **CRM)
SEARCH = edge("look", "search", "q", "pages", search_type="web")
MIX = edge("mix", "code", ["customer", "pages"], "draft", code="def main(customer, pages): ...")
QUESTION = (text_input("q"),)
HOST = "the host hooks.example.com"
LOOSE: dict[str, Any] = {"type": "object", "properties": {"n": {"type": "number"}}}


def send(source: str, body: str) -> dict[str, Any]:
    return edge("send", "http", source, "sent", url=HOOK, method="POST", body=body)


def send_each(body: str) -> dict[str, Any]:
    inner = {"type": "http", "config": {"url": HOOK, "method": "POST", "body": body}}
    return edge("send", "map", "draft", "sent", edge=inner)


def reported(flow: Workflow, **callees: Workflow) -> set[str]:
    return {one.destination for one in unsettled(toxic_flows(flow, callees))}


def test_a_loop_brings_words_into_a_number_of_the_caller() -> None:
    number = {"name": "state", "type": "number", "block": "state"}
    mix = edge("mix", "code", ["customer", "pages", "state"], "mixed", code="def main(pages): ...")
    again = edge("again", "loop", "mixed", "state", max_iterations=3)
    flow = workflow(
        READ, SEARCH, mix, again, send("state", "{{state}}"), inputs=(*QUESTION, number)
    )
    assert HOST in reported(flow)


def test_a_loop_brings_words_beside_what_a_model_was_asked_for() -> None:
    ask = edge("ask", "llm", "q", "draft", prompt="{{q}}", model="m")
    mix = edge("mix", "code", ["customer", "pages", "draft"], "mixed", code="def main(pages): ...")
    again = edge("again", "loop", "mixed", "draft", max_iterations=3)
    sending = send("draft", "{{draft}}")
    flow = workflow(
        READ, SEARCH, ask, mix, again, sending, inputs=QUESTION, schemas={"draft": LOOSE}
    )
    assert HOST in reported(flow)


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        ({"type": "object", "properties": {"0": {"type": "number"}}}, "{{item}}"),
        ({"type": ["array", "object"], "items": {"type": "number"}}, "{{item}}"),
        (
            {
                "type": ["array", "object"],
                "items": {"type": "object"},
                "properties": {"x": {"type": "number"}},
                "additionalProperties": False,
            },
            "{{draft.x}}",
        ),
    ],
)
def test_items_of_what_may_be_an_object(schema: dict[str, Any], body: str) -> None:
    flow = workflow(READ, SEARCH, MIX, send_each(body), inputs=QUESTION, schemas={"draft": schema})
    assert reported(flow) == {HOST}


def test_a_key_that_reads_like_a_position() -> None:
    schema = {
        "type": ["array", "object"],
        "items": {"type": "number"},
        "properties": {"0": {"type": "string"}},
    }
    sending = send("draft", "{{draft.0}}")
    flow = workflow(READ, SEARCH, MIX, sending, inputs=QUESTION, schemas={"draft": schema})
    assert reported(flow) == {HOST}


def test_harmless_items_and_positions_are_still_known() -> None:
    numbers = {"draft": {"type": "array", "items": {"type": "number"}}}
    for sending in (send_each("{{item}}"), send("draft", "{{draft.0}}")):
        flow = workflow(READ, SEARCH, MIX, sending, inputs=QUESTION, schemas=numbers)
        assert reported(flow) == set()


def test_many_words_of_the_caller_do_not_crowd_out_a_strangers() -> None:
    many = tuple(text_input(f"i{number}") for number in range(20))
    far = edge("far", "code", "pages", "far1", code="def main(pages): ...")
    farther = edge("farther", "code", "far1", "far2", code="def main(far1): ...")
    mix = edge("mix", "code", ["far2", *(port["name"] for port in many)], "draft", code="x = 1")
    sending = send("draft", "{{draft}}")
    sending["config"]["auth"] = {"secret": "HOOK_TOKEN"}
    flow = workflow(SEARCH, far, farther, mix, sending, inputs=(*QUESTION, *many))
    assert reported(flow) == {HOST}


KEEP = edge("keep", "search", ["q", "customer"], "kept", search_type="vector", collection="c")
FIND = edge("find", "search", "q", "draft", search_type="vector", collection="c")
SEND_BOTH = edge(
    "send", "http", ["draft", "pages"], "sent", url=HOOK, method="POST", body="{{draft}} {{pages}}"
)


def test_through_a_collection() -> None:
    assert reported(workflow(READ, SEARCH, KEEP, FIND, SEND_BOTH, inputs=QUESTION)) == {HOST}
    other = edge("find", "search", "q", "draft", search_type="vector", collection="d")
    assert reported(workflow(READ, SEARCH, KEEP, other, SEND_BOTH, inputs=QUESTION)) == set()
    person = {"name": "person", "type": "string", "pii": True, "block": "customer"}
    flow = workflow(KEEP, FIND, send("draft", "{{draft}}"), inputs=(*QUESTION, person))
    assert "person" in {one.input for one in egress(flow) if one.destination == HOST}


def test_through_a_collection_that_a_called_workflow_keeps_or_sends() -> None:
    keep = edge("keep", "search", ["q", "doc"], "kept", search_type="vector", collection="c")
    keeper = workflow(keep, inputs=(*QUESTION, text_input("doc")), name="inner")
    given = {"q": "{{q}}", "doc": "{{customer}}"}
    call = edge("call", "workflow", ["q", "customer"], "done", name="inner", inputs=given)
    flow = workflow(READ, SEARCH, call, FIND, SEND_BOTH, inputs=QUESTION)
    assert HOST in reported(flow, inner=keeper)
    sender = workflow(FIND, send("draft", "{{draft}}"), inputs=QUESTION, name="inner")
    keep = edge(
        "keep", "search", ["q", "customer", "pages"], "kept", search_type="vector", collection="c"
    )
    ask = edge("call", "workflow", "q", "done", name="inner")
    assert reported(workflow(READ, SEARCH, keep, ask, inputs=QUESTION), inner=sender) == {HOST}


def test_workflows_that_call_each_other_twice_are_followed_at_once() -> None:
    callees = {"w0": workflow(send("q", "{{q}}"), inputs=QUESTION, name="w0")}
    for level in range(1, 30):
        calls = [edge(f"c{n}", "workflow", "q", f"d{n}", name=f"w{level - 1}") for n in (0, 1)]
        callees[f"w{level}"] = workflow(*calls, inputs=QUESTION, name=f"w{level}")
    assert {flow.destination for flow in egress(callees["w29"], callees)} == {HOST}
    assert toxic_flows(callees["w29"], callees) == ()  # with twice as much at each level, in hours


def test_an_editor_s_place_takes_back_the_form_that_an_answer_was_to_have() -> None:
    form = {"type": "object", "properties": {"team": {"enum": ["sales", "support"]}}}
    config = {"structured_output": form, "extra_configs": {"structured_output": True}}
    dig = edge("dig", "deep_research", ["q", "customer", "pages"], "draft", **config)
    isolated = edge("dig", "deep_research", ["q", "customer"], "draft", structured_output=form)
    sending = send("draft", "{{draft}}")
    assert HOST in reported(workflow(READ, SEARCH, dig, sending, inputs=QUESTION))
    assert HOST not in reported(workflow(READ, isolated, sending, inputs=QUESTION))


def test_many_hosts_of_many_edges_are_looked_up_once_an_edge() -> None:
    apis = [
        {"name": f"a{n}", "hosts": [f"h{n}-{m}.example.com" for m in range(50)]} for n in range(20)
    ]
    edges = [
        edge(f"e{n}", "http", "q", f"o{n}", url="https://{{q}}/", auth={"secret": "S"})
        for n in range(20)
    ]
    asked: list[str] = []
    real = hosts_of

    def counted(flow: Workflow, one: Edge) -> list[str]:
        asked.append(one.id)
        return real(flow, one)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ways_out, "hosts_of", counted)
        flow = workflow(*edges, inputs=QUESTION, runtime={"dependencies": {"external_apis": apis}})
        assert toxic_flows(flow) == ()
    assert asked == [f"e{number}" for number in range(20)]
