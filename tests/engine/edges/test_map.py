"""`map` edges keep order, and say what a failed item gives."""

from __future__ import annotations

from registry_tool.engine.edges.base import Services
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
