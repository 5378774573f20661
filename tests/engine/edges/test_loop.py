"""`loop` edges end when they are told, and at their bound."""

from __future__ import annotations

import pytest

from registry_tool.engine.edges.base import Services
from registry_tool.engine.events import Event
from registry_tool.engine.sandbox.wasm import WasmSandbox
from tests.engine.small import go, workflow

LOOP = """
  blocks:
    - { id: start, type: structured, value: 1 }
    - { id: num, type: structured }
    - { id: double, type: structured }
  edges:
    - { id: in, source: start, target: num, type: modify, config: { modify_type: copy } }
    - { id: times, source: num, target: double, type: code, config: { code: "def main(num): return num * 2" } }
    - { id: back, source: double, target: num, type: loop, config: CONFIG }
"""


@pytest.mark.parametrize(
    ("config", "wanted", "rounds"),
    [
        ("{ max_iterations: 3 }", 8, 3),
        (
            "{ max_iterations: 50, until: [{ block: double, condition: above, parameters: { value: 20 } }] }",
            32,
            5,
        ),
    ],
)
def test_a_loop_is_bounded_and_ends_when_told(config: str, wanted: int, rounds: int) -> None:
    events: list[Event] = []
    services = Services(sandbox=WasmSandbox())
    result = go(
        workflow(LOOP.replace("CONFIG", config)), services=services, listeners=(events.append,)
    )
    assert result.blocks["double"] == wanted, result.error
    assert sum(event.name == "loop_iteration" for event in events) == rounds
