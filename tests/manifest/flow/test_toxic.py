"""Where untrusted text, private data and a way out meet, and what settles it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.manifest.flow.labels import MOST_STEPS
from registry_tool.manifest.flow.toxic import (
    MOST_FLOWS,
    ToxicFlow,
    isolating,
    toxic_flows,
    unsettled,
)
from registry_tool.manifest.model import Environment, Workflow
from tests.manifest.flow.build import CRM, HOOK, edge, text_input, workflow

VERDICT: dict[str, Any] = {
    "type": "object",
    "properties": {"team": {"type": "string", "enum": ["sales", "support"]}},
    "additionalProperties": False,
}
READ = edge("read", "http", "q", "customer", **CRM)
SEARCH = edge("look", "search", "q", "pages", search_type="web")
SEND = edge("send", "http", "draft", "sent", url=HOOK, method="POST", body="{{draft}}")
WRITE = edge(
    "write", "llm", ["customer", "pages"], "draft", prompt="{{customer}} {{pages}}", model="m"
)
QUESTION = (text_input("q"),)


def found(flow: Workflow, **callees: Workflow) -> dict[str, ToxicFlow]:
    return {one.destination: one for one in unsettled(toxic_flows(flow, callees))}


def test_words_of_the_web_and_a_customers_data_reach_a_host() -> None:
    flow = workflow(READ, SEARCH, WRITE, SEND, inputs=QUESTION)
    sent = found(flow)["the host hooks.example.com"]
    assert sent.edge == "send"
    assert sent.private.words == "what CRM_TOKEN opens at crm.example.com"
    assert sent.private.way == (
        "read (http)",
        "customer",
        "write (llm)",
        "draft",
        "send (http)",
    )
    assert sent.untrusted.way[-3:] == ("write (llm)", "draft", "send (http)")
    assert "together reach the host hooks.example.com: " in sent.words
    assert sent.recipient == "hooks.example.com"
    assert not sent.settled


def test_declared_recipients_settle_it() -> None:
    flow = workflow(
        READ, SEARCH, WRITE, SEND, inputs=QUESTION, recipients=("hooks.example.com", "m")
    )
    assert found(flow) == {}
    assert {one.destination for one in toxic_flows(flow) if one.settled} == {
        "the host hooks.example.com",
        "the model m",
    }


def test_one_of_the_three_alone_is_none() -> None:
    public = edge("read", "http", "q", "customer", url="https://news.example.com")
    assert found(workflow(public, SEARCH, WRITE, SEND, inputs=QUESTION)) == {}
    assert found(workflow(READ, SEARCH, inputs=QUESTION)) == {}
    alone = edge("write", "llm", "customer", "draft", prompt="{{customer.id}}", model="m")
    numbers = {"customer": {"type": "object", "properties": {"id": {"type": "integer"}}}}
    assert found(workflow(READ, alone, SEND, schemas=numbers)) == {}


def test_a_closed_schema_isolates() -> None:
    judge = edge("judge", "llm", "pages", "verdict", prompt="Which team? {{pages}}", model="m")
    write = edge(
        "write",
        "modify",
        ["customer", "verdict"],
        "draft",
        modify_type="edit_text",
        content="{{customer.id}} {{verdict}}",
    )
    schemas: dict[str, Any] = {
        "customer": {"type": "object", "properties": {"id": {"type": "integer"}}},
        "verdict": VERDICT,
    }
    isolated = workflow(READ, SEARCH, judge, write, SEND, inputs=QUESTION, schemas=schemas)
    assert found(isolated) == {}
    assert isolating(isolated) == ("verdict",)
    free: dict[str, Any] = {**schemas, "verdict": {"type": "object"}}
    assert set(
        found(workflow(READ, SEARCH, judge, write, SEND, inputs=QUESTION, schemas=free))
    ) == {"the host hooks.example.com"}


def test_what_a_template_does_not_name_is_not_sent() -> None:
    send = edge(
        "send", "http", ["customer", "pages"], "sent", url=HOOK, method="POST", body="{{pages}}"
    )
    assert found(workflow(READ, SEARCH, send, inputs=QUESTION)) == {}


def test_one_input_does_not_meet_itself() -> None:
    ask = edge("ask", "llm", ["letter", "tone"], "answer", prompt="{{letter}} {{tone}}", model="m")
    letter = text_input("letter", pii=True)
    tone = text_input("tone", enum=["kind", "short"])
    assert found(workflow(ask, inputs=(letter, tone))) == {}
    meets = found(workflow(ask, inputs=(letter, text_input("tone"))))["the model m"]
    assert (meets.untrusted.words, meets.private.words) == (
        "the input tone",
        "the personal input letter",
    )


def test_a_secret_that_an_edge_acts_with() -> None:
    post = edge(
        "post",
        "http",
        "pages",
        "sent",
        url=HOOK,
        method="POST",
        body="{{pages}}",
        auth={"secret": "HOOK_TOKEN"},
    )
    acts = found(workflow(SEARCH, post, inputs=QUESTION))["the host hooks.example.com"]
    assert acts.acting
    assert "decides what is sent" in acts.words
    asked = edge(
        "post",
        "http",
        "q",
        "sent",
        url=HOOK,
        method="POST",
        body="{{q}}",
        auth={"secret": "HOOK_TOKEN"},
    )
    assert found(workflow(asked, inputs=QUESTION)) == {}  # the caller asks for it


def test_what_a_secret_opened_may_go_back_to_be_read_there() -> None:
    more = edge(
        "more",
        "http",
        "customer",
        "orders",
        url="https://crm.example.com/{{customer}}",
        auth={"secret": "CRM_TOKEN"},
    )
    assert found(workflow(READ, more, inputs=QUESTION)) == {}
    more["config"] |= {"method": "POST"}
    assert set(found(workflow(READ, more, inputs=QUESTION))) == {"the host crm.example.com"}
    more["config"] |= {"method": "GET", "auth": {"secret": "HOOK_TOKEN"}}
    assert set(found(workflow(READ, more, inputs=QUESTION))) == {"the host crm.example.com"}


def test_saved_files_and_tools_are_ways_out() -> None:
    keep = edge("keep", "save", "draft", "kept", path="x.txt")
    tool = edge("tool", "external", "draft", "done", service="Mail", inputs={"text": "{{draft}}"})
    flow = workflow(READ, SEARCH, WRITE, keep, tool, inputs=QUESTION, recipients=("m",))
    assert set(found(flow)) == {"the saved files", "the service Mail"}


def test_a_researcher_chooses_what_to_search_for_by_what_it_read() -> None:
    research = edge("dig", "deep_research", "customer", "report", web_config={"top_k": 1})
    numbers = {"customer": {"type": "object", "properties": {"id": {"type": "integer"}}}}
    flow = workflow(READ, research, schemas=numbers, recipients=("the environment's model",))
    assert set(found(flow)) == {"the service Google Custom Search"}


def called(**recipients: Any) -> Workflow:
    return workflow(
        edge("post", "http", "text", "sent", url=HOOK, method="POST", body="{{text}}"),
        edge("say", "modify", "text", "out", modify_type="edit_text", content="{{text}}"),
        inputs=(text_input("text"),),
        outputs=({"name": "out", "type": "string", "block": "out"},),
        name="helper",
        **recipients,
    )


CALL = edge("call", "workflow", "draft", "done", name="helper", inputs={"text": "{{draft}}"})


def test_a_called_workflow_sends_it() -> None:
    flow = workflow(READ, SEARCH, WRITE, CALL, inputs=QUESTION, recipients=("m",))
    assert found(flow) == {}
    sent = found(flow, helper=called(recipients=("hooks.example.com",)))
    assert set(sent) == {"the host hooks.example.com"}  # its word is not its caller's
    assert sent["the host hooks.example.com"].by == "helper"
    assert sent["the host hooks.example.com"].private.way[-2:] == ("call (workflow)", "helper")


def test_data_goes_through_a_called_workflow() -> None:
    call = edge(
        "call", "workflow", "customer", "told", name="helper", inputs={"text": "{{customer}}"}
    )
    send = edge(
        "send", "http", "told", "sent", url="https://news.example.com/", query={"q": "{{told}}"}
    )
    flow = workflow(READ, call, send, inputs=QUESTION)
    through = found(flow, helper=called())["the host news.example.com"]
    assert through.private.way == (
        "read (http)",
        "customer",
        "call (workflow)",
        "told",
        "send (http)",
    )
    quiet = workflow(
        edge("say", "modify", "text", "out", modify_type="edit_text", content="always this"),
        inputs=(text_input("text"),),
        outputs=({"name": "out", "type": "string", "block": "out"},),
    )
    assert found(flow, helper=quiet) == {}


def test_what_meets_inside_a_called_workflow_is_its_own_affair() -> None:
    inner = workflow(
        READ,
        SEARCH,
        WRITE,
        SEND,
        inputs=QUESTION,
        outputs=({"name": "sent", "type": "string", "block": "sent"},),
    )
    call = edge("call", "workflow", "n", "out", name="inner", inputs={"q": "{{n}}"})
    flow = workflow(call, inputs=({"name": "n", "type": "integer", "block": "n"},))
    assert found(inner)
    assert found(flow, inner=inner) == {}


def test_workflows_that_call_each_other_end() -> None:
    one = workflow(edge("e", "workflow", "a", "b", name="two"), name="one")
    two = workflow(edge("e", "workflow", "a", "b", name="three"), name="two")
    three = workflow(edge("e", "workflow", "a", "b", name="two"), name="three")
    assert found(one, two=two, three=three) == {}


def test_in_one_environment() -> None:
    ask = edge("ask", "llm", ["letter", "tone"], "answer", prompt="{{letter}} {{tone}}", model="m")
    flow = workflow(ask, inputs=(text_input("letter", pii=True), text_input("tone")))
    here = Environment("production", overrides={"llm_model": "ours"})
    assert [one.destination for one in toxic_flows(flow, here=here)] == ["the model ours"]


def test_as_data() -> None:
    (value, *_) = [one.to_value() for one in toxic_flows(workflow(READ, SEARCH, WRITE, SEND))]
    assert value["untrusted"] == {
        "what": "what Google Custom Search finds",
        "way": ["look (search)", "pages", "write (llm)"],
    }
    assert not value["settled"]


NAMES = st.sampled_from("abcdef")
KINDS: st.SearchStrategy[tuple[str, dict[str, Any]]] = st.sampled_from(
    [
        ("llm", {"prompt": "x", "model": "m"}),
        ("llm", {"model": "m"}),
        ("code", {"code": "def main(inputs): return 1"}),
        ("http", CRM),
        ("http", {"url": HOOK, "method": "POST", "body": "{{a}} {{b.c}}"}),
        ("search", {"search_type": "web"}),
        ("save", {"path": "x"}),
        ("loop", {}),
    ]
)
SCHEMAS = st.dictionaries(
    NAMES, st.sampled_from([VERDICT, {"type": "number"}, {"type": "string"}]), max_size=2
)


@st.composite
def edges(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for number in range(draw(st.integers(1, 6))):
        type_, config = draw(KINDS)
        ends = draw(st.lists(NAMES, min_size=2, max_size=2, unique=True))
        made.append(edge(f"e{number}", type_, ends[0], ends[1], **config))
    return made


def made(edges: list[dict[str, Any]], schemas: dict[str, Any], **more: Any) -> Workflow:
    inputs = (text_input("a", pii=True), text_input("b"))
    ends = [edge("all", "code", list("abcdef"), "z", code="def main(inputs): return 1")]
    return workflow(*edges, *ends, inputs=inputs, schemas=schemas, **more)


def sent(flow: Workflow) -> set[tuple[str, str]]:
    return {(one.edge, one.destination) for one in unsettled(toxic_flows(flow))}


@given(edges(), SCHEMAS, st.data())
def test_nothing_new_flows_where_an_edge_is_taken_away(
    edges: list[dict[str, Any]], schemas: dict[str, Any], data: st.DataObject
) -> None:
    less = [one for one in edges if one is not data.draw(st.sampled_from(edges))]
    assert sent(made(less, schemas)) <= sent(made(edges, schemas))


@given(edges(), SCHEMAS, NAMES)
def test_nothing_new_flows_where_a_block_is_closed(
    edges: list[dict[str, Any]], schemas: dict[str, Any], name: str
) -> None:
    open_ = {block: schema for block, schema in schemas.items() if block != name}
    assert sent(made(edges, {**open_, name: VERDICT})) <= sent(made(edges, open_))


@given(edges(), SCHEMAS)
def test_naming_every_recipient_settles_everything(
    edges: list[dict[str, Any]], schemas: dict[str, Any]
) -> None:
    named = tuple({one.recipient for one in toxic_flows(made(edges, schemas))})
    assert sent(made(edges, schemas, recipients=named)) == set()


@given(edges(), SCHEMAS)
def test_a_way_begins_at_its_source_and_ends_where_it_is_sent(
    edges: list[dict[str, Any]], schemas: dict[str, Any]
) -> None:
    flow = made(edges, schemas)
    steps = {f"{one.id} ({one.type})": one for one in flow.edges}
    for one in toxic_flows(flow):
        for end in (one.untrusted, one.private):
            assert end.way[-1] in steps
            for block, step in zip(end.way, end.way[1:], strict=False):
                assert step in flow.block_by_id or step in steps
                if step in steps and block in flow.block_by_id:
                    assert block in (*steps[step].sources, "a", "b")
                if block in steps and step in flow.block_by_id:
                    assert step in steps[block].targets


@pytest.mark.parametrize("length", [400])
def test_a_long_workflow_is_judged_at_once(length: int) -> None:
    chain = [edge(f"e{n}", "http", f"b{n}", f"b{n + 1}", **CRM) for n in range(length)]
    assert len(toxic_flows(workflow(*chain, inputs=(text_input("b0"),)))) == 0


@pytest.mark.parametrize("type_", ["code", "branch", "loop", "llm"])
def test_edges_of_many_ends_are_judged_at_once(type_: str) -> None:
    """Arcs grow with the ends that a manifest names, not with their product: millions took minutes."""
    ends = [f"s{n}" for n in range(500)], [f"t{n}" for n in range(500)]
    moves = [{"from": one, "to": other} for one, other in zip(*ends, strict=True)]
    configs: dict[str, dict[str, Any]] = {
        "code": {"code": "def main(inputs): return {}"},
        "branch": {"cases": {"c": {"conditions": [], "thens": moves}}},
    }
    config = configs.get(type_, {})
    wide = [edge(f"e{n}", type_, *ends, **config) for n in range(8)]
    flow = workflow(*wide, inputs=(text_input("s0", pii=True), text_input("s1")))
    assert len(toxic_flows(flow)) == (8 if type_ == "llm" else 0)


def test_what_multiplies_is_told_in_part() -> None:
    chain = [
        edge(f"e{n}", "llm", f"b{n}", f"b{n + 1}", prompt=f"{{{{b{n}}}}} {{{{tone}}}}", model="m")
        for n in range(300)
    ]
    inputs = (text_input("b0", pii=True), {"name": "tone", "type": "string"})
    found = toxic_flows(workflow(*chain, inputs=inputs))
    assert len(found) == MOST_FLOWS
    assert len(found[-1].private.way) == MOST_STEPS + 2  # and the edge that sends
    assert "… " in found[-1].words


def test_words_in_a_picture_instruct_as_others_do() -> None:
    config = {"prompt": "{{customer}}", "images": "{{pages}}", "model": "m"}
    show = edge("show", "llm", ["customer", "pages"], "draft", **config)
    met = found(workflow(READ, SEARCH, show, inputs=QUESTION))["the model m"]
    assert met.untrusted.way == ("look (search)", "pages", "show (llm)")
    assert met.private.words == "what CRM_TOKEN opens at crm.example.com"
