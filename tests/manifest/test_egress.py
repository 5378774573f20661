from __future__ import annotations

from typing import Any

import pytest

from registry_tool.manifest.egress import Flow, egress
from registry_tool.manifest.load import workflow_from


def flows(edges: list[dict[str, Any]], **spec: Any) -> set[Flow]:
    names = {part for edge in edges for key in ("source", "target") for part in [edge[key]]}
    value = {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": {"name": "a", "version": "1.0.0"},
        "spec": {
            "blocks": [{"id": name, "type": "text"} for name in sorted(names)],
            "edges": [{"id": f"e{n}", **edge} for n, edge in enumerate(edges)],
            "interface": {
                "inputs": [{"name": "text", "type": "string"}, {"name": "tone", "type": "string"}]
            },
            **spec,
        },
    }
    return set(egress(workflow_from(value, "x")))


def llm(source: str, target: str, **config: Any) -> dict[str, Any]:
    return {"source": source, "target": target, "type": "llm", "config": {"prompt": "x", **config}}


def modify(source: str, target: str, content: str = "x") -> dict[str, Any]:
    config = {"modify_type": "edit_text", "content": content}
    return {"source": source, "target": target, "type": "modify", "config": config}


SMALL = Flow("text", "the model small")


def test_what_an_edge_reads_reaches_its_model() -> None:
    assert flows([llm("text", "answer", model="small")]) == {SMALL}


def test_through_other_blocks_and_by_name_in_a_template() -> None:
    assert flows([modify("text", "clean"), llm("clean", "answer", model="small")]) == {SMALL}
    named = flows([llm("text", "answer", model="small", system="Be {{tone}}")])
    assert named == {SMALL, Flow("tone", "the model small")}


def test_an_input_that_only_code_names_is_followed() -> None:
    code = {"code": "def main(other, tone): return tone"}
    read = {"source": "other", "target": "clean", "type": "code", "config": code}
    found = flows([read, llm("clean", "answer", model="small")])
    assert found == {Flow("tone", "the model small")}


def test_what_stays_inside_reaches_nobody() -> None:
    assert flows([modify("text", "clean")]) == set()
    assert flows([modify("text", "clean"), llm("other", "answer")]) == set()


def test_a_loop_leads_taint_back() -> None:
    loop = {"source": "late", "target": "start", "type": "loop", "config": {"max_iterations": 2}}
    edges = [llm("start", "answer", model="small"), modify("text", "late"), loop]
    assert SMALL in flows(edges)


@pytest.mark.parametrize(
    ("overrides", "destination"),
    [
        ({"llm_model": "large"}, "the model large"),
        ({"base_url": "https://models.example.com/v1"}, "the host models.example.com"),
    ],
)
def test_every_environment_counts(overrides: dict[str, Any], destination: str) -> None:
    found = flows(
        [llm("text", "answer", model="small")],
        runtime={"environments": {"production": overrides}},
    )
    assert found == {SMALL, Flow("text", destination)}


def test_an_edges_own_address_is_a_host_that_gets_the_input() -> None:
    edge = llm("text", "answer", model="small", base_url="https://evil.example/v1")
    assert flows([edge]) == {SMALL, Flow("text", "the host evil.example")}


def test_nothing_named_is_the_environments_model() -> None:
    assert flows([llm("text", "answer")]) == {Flow("text", "the environment's model")}


def named(workflow: Any, **callees: Any) -> set[tuple[str, str, bool, str]]:
    found = egress(workflow, callees)
    return {(flow.input, flow.destination, flow.personal, flow.by) for flow in found}


def one_edge(name: str, edge: dict[str, Any], pii: bool = False, **spec: Any) -> Any:
    value = {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": {"name": name, "version": "1.0.0"},
        "spec": {
            "blocks": [{"id": "text", "type": "text"}, {"id": "out", "type": "text"}],
            "edges": [{"id": "e", "source": "text", "target": "out", **edge}],
            "interface": {"inputs": [{"name": "text", "type": "string", "pii": pii}]},
            **spec,
        },
    }
    return workflow_from(value, "x")


def test_personal_inputs_are_marked_through_called_workflows() -> None:
    asks = one_edge("asks", llm("text", "out", model="small"))
    calls = one_edge("calls", {"type": "workflow", "config": {"name": "asks"}})
    each = {"type": "map", "config": {"edge": {"type": "workflow", "config": {"name": "calls"}}}}
    whole = named(one_edge("whole", each, pii=True), asks=asks, calls=calls)
    assert whole == {("text", "the model small", True, "asks")}
    assert named(one_edge("whole", each)) == set()


def test_workflows_that_call_each_other_end() -> None:
    one = one_edge("one", {"type": "workflow", "config": {"name": "two"}})
    two = one_edge("two", {"type": "workflow", "config": {"name": "one"}})
    assert named(one, one=one, two=two) == set()


@pytest.mark.parametrize(
    ("type_", "config", "destinations"),
    [
        ("http", {"url": "https://a.example/{{text}}"}, {"the host a.example"}),
        ("http", {"url": "https://{{text}}/"}, {"the host b.example"}),
        ("search", {"search_type": "web"}, {"the service Google Custom Search"}),
        ("search", {"sub_search_type": "ddg"}, {"the service DuckDuckGo"}),
        ("search", {"extra_configs": {"search_type": "qa"}}, {"the service Perplexity"}),
        ("search", {"search_type": "keyword"}, set()),
        ("rerank", {"reranker_type": "rrf"}, set()),
        ("rerank", {"reranker_type": "llm"}, {"the environment's model"}),
        ("rerank", {"reranker_type": "cohere"}, {"the service Cohere Rerank"}),
        ("code", {"code": "def main(text): return text"}, set()),
    ],
)
def test_who_gets_it(type_: str, config: dict[str, Any], destinations: set[str]) -> None:
    apis = {"dependencies": {"external_apis": [{"name": "b", "hosts": ["b.example"]}]}}
    flow = one_edge("a", {"type": type_, "config": config}, runtime=apis)
    assert {flow.destination for flow in egress(flow)} == destinations


def test_a_recipient_is_the_bare_name() -> None:
    names = {Flow("a", f"the {kind} x.y").recipient for kind in ("model", "host", "service")}
    assert names == {"x.y"}
    assert Flow("a", "the service Google Custom Search").recipient == "Google Custom Search"
    assert Flow("a", "the environment's model").recipient == "the environment's model"


def test_a_picture_reaches_the_model_that_it_is_shown_to() -> None:
    shown = llm("other", "out", model="small", images=["{{text}}"])
    assert flows([shown]) == {SMALL}
