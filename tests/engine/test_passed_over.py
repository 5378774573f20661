"""`on_error`: what an edge gives where it failed and the run goes on."""

from __future__ import annotations

import pytest

from registry_tool.core.values import Object
from registry_tool.engine.edges.base import Services
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.cassettes.replay import ReplayProvider
from registry_tool.engine.settings import Callee
from registry_tool.manifest.compile import compile_value
from registry_tool.manifest.parse import to_workflow
from tests.engine.small import ASK, asking, go, workflow

PASSED = """
  blocks: [{ id: q, type: text, value: q }, { id: a, type: text }, { id: b, type: text }]
  edges:
    - { id: ask, source: q, target: a, type: load, on_error: ON_ERROR, config: { path: gone.txt } }
    - { id: more, source: a, target: b, type: modify, config: { content: "{{a}}!" } }
  interface: { outputs: [{ name: b }] }
"""


@pytest.mark.parametrize(
    ("on_error", "outputs"), [("skip", {}), ("{ value: none }", {"b": "none!"})]
)
def test_an_edge_that_fails_is_passed_over_where_it_says_so(on_error: str, outputs: Object) -> None:
    result = go(workflow(PASSED.replace("ON_ERROR", on_error)))
    assert (result.error, dict(result.outputs)) == ("", outputs)
    assert "ask" in result.notices[0]


def test_a_value_for_a_failure_fits_its_block_and_no_word_is_no_leave() -> None:
    unfit = PASSED.replace("ON_ERROR", "{ value: 3 }").replace(
        "id: a, type: text", "id: a, type: text, schema: { type: string }"
    )
    assert "doesn't fit" in go(workflow(unfit)).error
    assert go(workflow(PASSED.replace("ON_ERROR", "fail"))).error


def test_what_is_not_recorded_ends_a_replay_whatever_the_edge_says() -> None:
    soft = ASK.replace("type: llm,", "type: llm, on_error: skip,").replace("CONFIG", "")
    services = Services(model=ReplayProvider(Cassette()))
    assert "recorded" in go(workflow(soft), {"question": "q"}, services=services).error


def test_what_a_called_workflow_lacks_ends_its_caller_too() -> None:
    soft = ASK.replace("type: llm,", "type: workflow, on_error: skip,")
    soft = soft.replace('prompt: "{{question}}"CONFIG', "name: below") + (
        '  runtime: { dependencies: { workflows: [{ name: below, version: "^1.0.0" }] } }\n'
    )
    services = Services(model=ReplayProvider(Cassette()))
    result = go(
        workflow(soft), {"question": "q"}, services=services, callees={"below": Callee(asking())}
    )
    assert "recorded" in result.error
    assert result.error_kind == "not-recorded"


@pytest.mark.parametrize("on_error", ["skip", "{ value: none }"])
def test_it_survives_compilation(on_error: str) -> None:
    flow = workflow(PASSED.replace("ON_ERROR", on_error))
    assert to_workflow(compile_value(flow)).edges == flow.edges


@pytest.mark.parametrize(
    "edge",
    [
        "type: external, config: { service: Elsewhere }",
        "type: code, config: { code: 'def main(q): return q' }",
        "type: llm, config: { prompt: x }",
    ],
)
def test_what_the_run_lacks_ends_it_whatever_the_edge_says(edge: str) -> None:
    lacking = PASSED.replace("type: load", edge.partition(",")[0]).replace(
        "config: { path: gone.txt }", edge.partition(", ")[2]
    )
    assert go(workflow(lacking.replace("ON_ERROR", "skip"))).error
