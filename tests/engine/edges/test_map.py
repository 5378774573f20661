"""`map` edges keep order, and say what a failed item gives."""

from __future__ import annotations

import pytest

from registry_tool.engine.edges.base import Services
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.cassettes.replay import ReplayProvider
from registry_tool.engine.sandbox.wasm import WasmSandbox
from tests.engine.small import go, workflow

MAP = """
  blocks:
    - { id: items, type: structured, value: [3, 1, 2] }
    - { id: out, type: structured }
  edges:
    - id: each
      source: items
      target: out
      type: map
      config:
        parallel: 2
        ON_ERROR
        edge: { type: code, config: { code: "def main(items): return 6 // (items - 1)" } }
"""


def test_a_map_keeps_order_and_may_leave_holes() -> None:
    services = Services(sandbox=WasmSandbox())
    failed = go(workflow(MAP.replace("ON_ERROR", "")), services=services)
    assert failed.status == "error"
    assert "ZeroDivisionError" in failed.error
    holes = go(workflow(MAP.replace("ON_ERROR", 'on_error: "null"')), services=services)
    assert holes.blocks["out"] == [3, None, 6]


ASKED = """
  blocks:
    - { id: items, type: structured, value: [a, b] }
    - { id: out, type: structured }
  edges:
    - id: each
      source: items
      target: out
      type: map
      config: { on_error: "ON_ERROR", edge: { type: llm, config: { prompt: "{{item}}" RETRIES } } }
"""


@pytest.mark.parametrize("on_error", ["null", "skip", "report"])
@pytest.mark.parametrize("retries", ["", ", retries: 1"])
def test_an_answer_that_nobody_recorded_is_no_failed_item(on_error: str, retries: str) -> None:
    flow = workflow(ASKED.replace("ON_ERROR", on_error).replace("RETRIES", retries))
    result = go(flow, services=Services(model=ReplayProvider(Cassette())))
    assert "no answer is recorded" in result.error
    assert result.error_kind == "not-recorded"
