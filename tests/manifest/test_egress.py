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


def test_nothing_named_is_the_environments_model() -> None:
    assert flows([llm("text", "answer")]) == {Flow("text", "the environment's model")}
