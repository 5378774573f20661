"""`code` edges: what a function is given, within which bounds, and what becomes of its value."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.code import arguments
from registry_tool.engine.sandbox.base import SandboxLimits
from registry_tool.manifest.model import Block, Edge
from tests.engine.edges.called import call
from tests.engine.small import go, workflow


class ScriptedSandbox:
    """Runs nothing: gives the value that it was made with, and keeps what it was asked."""

    name = "told"

    def __init__(self, value: Value = None) -> None:
        self._value = value
        self.asked: list[tuple[str, Mapping[str, Value], SandboxLimits]] = []

    async def call(self, code: str, arguments: Mapping[str, Value], limits: SandboxLimits) -> Value:
        """The value."""
        self.asked.append((code, arguments, limits))
        return self._value


def test_a_parameter_may_be_called_by_id_label_input_or_all_at_once() -> None:
    inputs: Object = {"a-b": 1, "c": 2}
    sources = (Block("a-b", "text", label="First"), Block("c", "text", label="not a name"))
    code: Object = {"code": "def main(n, First, arg_c, inputs): ..."}
    edge = Edge("e", "code", ("a-b", "c"), ("out",), code)
    made = EdgeCall(edge, inputs, {}, sources, given={"n": 3, "x y": 4, "m": 5})
    assert arguments(made) == {
        "n": 3,
        "First": 1,
        "arg_a_b": 1,
        "c": 2,
        "arg_c": 2,
        "inputs": inputs,
    }


def test_a_block_s_value_goes_before_an_input_of_its_name() -> None:
    made = EdgeCall(
        Edge("e", "code", ("c",), ("out",)), {"c": 2}, {}, (Block("c", "text"),), given={"c": 1}
    )
    assert arguments(made)["c"] == 2


@pytest.mark.parametrize(
    ("config", "limits"),
    [
        ({}, SandboxLimits(10.0, 256 * 2**20)),
        ({"timeout": "1m", "memory": 64}, SandboxLimits(60.0, 64 * 2**20)),
        ({"timeout": "500ms"}, SandboxLimits(0.5, 256 * 2**20)),
    ],
)
def test_bounds_are_the_configured_ones(config: Object, limits: SandboxLimits) -> None:
    sandbox = ScriptedSandbox("value")
    result = call("code", {"code": "def f(): 0", **config}, Services(sandbox=sandbox), a="x")
    assert result == "value"
    assert sandbox.asked[0][2] == limits


def test_without_a_sandbox_nothing_runs() -> None:
    with pytest.raises(EdgeError, match="the code was not run") as error:
        call("code", {"code": "def f(): 0"}, a="x")
    assert "[sandbox]" in error.value.hint


TWO = """
  blocks: [{ id: a, type: text, value: x }, { id: b, type: structured }, { id: c, type: structured }]
  edges: [{ id: e, source: a, target: [b, c], type: code, config: { code: "def f(): 0" } }]
"""


def test_several_targets_are_written_by_name_and_left_out_ones_not_taken() -> None:
    both = go(workflow(TWO), services=Services(sandbox=ScriptedSandbox({"b": 1, "c": 2, "d": 3})))
    assert (both.blocks["b"], both.blocks["c"]) == (1, 2)
    one = go(workflow(TWO), services=Services(sandbox=ScriptedSandbox({"b": 1})))
    assert one.status == "success"
    assert "c" not in one.blocks
    none = go(workflow(TWO), services=Services(sandbox=ScriptedSandbox([1, 2])))
    assert "with several targets the code returns an object by target id" in none.error
