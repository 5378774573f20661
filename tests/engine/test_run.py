"""Runs of small workflows, written as an author would write them."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Object
from registry_tool.engine.edges.base import Services
from registry_tool.engine.events import Event
from registry_tool.engine.plan import plan
from registry_tool.engine.run import RunResult, RunSettings, run
from registry_tool.engine.sandbox.wasm import WasmSandbox
from registry_tool.manifest.load import load
from registry_tool.manifest.model import Workflow
from tests.bounded import ends
from tests.engine.flows import blocks, copy

HEAD = (
    'apiVersion: puppyai.com/v1\nkind: Workflow\nmetadata: { name: t, version: "1.0.0" }\nspec:\n'
)


def workflow(spec: str) -> Workflow:
    return load(HEAD + spec, "t.yaml").workflow


def go(flow: Workflow, inputs: Object | None = None, **settings: Any) -> RunResult:
    return asyncio.run(run(flow, inputs or {}, RunSettings("exec-1", **settings)))


def test_a_chain_keeps_types_and_paths() -> None:
    flow = workflow(
        blocks("b", "c", a='{ list: [1, { x: "deep" }] }')
        + copy("one", "a", "b")
        + copy("two", "a", "c", "{{a.list.1.x}}!")
    )
    result = go(flow)
    assert result.status == "success"
    assert result.blocks["b"] == {"list": [1, {"x": "deep"}]}
    assert result.blocks["c"] == "deep!"


def test_a_value_is_never_expanded_again() -> None:
    flow = workflow(blocks("b", a='"{{secret}} {{a}}"') + copy("one", "a", "b", "<{{a}}>"))
    assert go(flow).blocks["b"] == "<{{secret}} {{a}}>"


def test_of_several_writers_the_one_declared_last_wins() -> None:
    flow = workflow(
        blocks("c", a='"first"', b='"second"') + copy("one", "a", "c") + copy("two", "b", "c")
    )
    assert go(flow).blocks["c"] == "second"


LOOPED = """
  blocks:
    - { id: a, type: structured, looped: true, value: [v, w] }
    - { id: b, type: structured, looped: true, value: [1, 2, 3] }
    - { id: c, type: structured }
  edges:
    - { id: e, source: [a, b], target: c, type: modify, config: { modify_type: edit_text, content: "{{a}}{{b}}" } }
"""


def test_looped_blocks_give_the_product_in_declared_order() -> None:
    assert go(workflow(LOOPED)).blocks["c"] == ["v1", "v2", "v3", "w1", "w2", "w3"]
    one = LOOPED.replace("[v, w]", "{ k: v, l: w }").replace("[1, 2, 3]", "7")
    result = go(workflow(one.replace("{{a}}{{b}}", "{{a}}")))
    assert result.blocks["c"] == ['{"k": "v"}', '{"l": "w"}']


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


def test_a_failure_names_edge_target_and_cause() -> None:
    flow = workflow(
        blocks("b", a='"x"').rstrip("\n")
        + "\n    - { id: bad, source: a, target: b, type: modify, config: { modify_type: nonsense } }\n"
    )
    events: list[Event] = []
    result = go(flow, listeners=(events.append,))
    assert result.status == "error"
    assert (
        "the modify edge bad (→ b) failed: config.modify_type: must be one of copy, "
        in result.error
    )
    assert [event.name for event in events][-2:] == ["edge_failed", "execution_failed"]


@pytest.mark.parametrize("path", ["x.y", "x.1", "x.²"])
def test_a_template_that_leads_nowhere_is_a_failure_and_no_crash(path: str) -> None:
    result = go(workflow(blocks("b", a="{ x: [1] }") + copy("bad", "a", "b", f"{{{{a.{path}}}}}")))
    assert result.status == "error"
    assert f"{{{{a.{path}}}}} leads nowhere in the value of a" in result.error


def test_a_run_that_takes_too_long_is_stopped() -> None:
    flow = workflow(LOOP.replace("num * 2", "[0 for _ in iter(int, 1)]").replace("CONFIG", "{}"))
    with ends():
        result = go(flow, services=Services(sandbox=WasmSandbox()), timeout=0.3)
    assert "longer than 0.3 s" in result.error


def test_ready_edges_run_at_once() -> None:
    active = most = 0

    class Slow:
        name = "slow"

        async def call(self, *_: object) -> int:
            nonlocal active, most
            active += 1
            most = max(most, active)
            await asyncio.sleep(0.02)
            active -= 1
            return 1

    names = [f"b{n}" for n in range(8)]
    edges = "".join(
        f'    - {{ id: e{n}, source: a, target: {n}, type: code, config: {{ code: "def f(): 0" }} }}\n'
        for n in names
    )
    flow = workflow(blocks(*names, a="1") + edges)
    assert go(flow, services=Services(sandbox=Slow())).status == "success"  # type: ignore[arg-type]
    assert most == 8
    most = 0
    go(flow, services=Services(sandbox=Slow()), concurrency=3)  # type: ignore[arg-type]
    assert most == 3


CALLER = """
  blocks: [{ id: who, type: text }, { id: out, type: text }]
  edges:
    - { id: call, source: who, target: out, type: workflow, config: { name: callee, inputs: { text: "{{who}}" } } }
  interface: { inputs: [{ name: who, required: true }], outputs: [{ name: out }] }
"""


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [({}, "is required"), ({"wo": "x"}, "no input 'wo'"), ({"who": 5}, "does not fit")],
)
def test_wrong_inputs_are_refused_before_anything_runs(inputs: Object, reason: str) -> None:
    flow = workflow(CALLER.replace("name: who, required", "name: who, type: string, required"))
    with pytest.raises(RegistryError, match=reason) as caught:
        go(flow, inputs)
    assert isinstance(caught.value, UsageError) or "fit" in reason


def test_an_output_that_breaks_its_schema_is_an_error() -> None:
    flow = workflow(
        blocks("b", a='"x"')
        + copy("one", "a", "b")
        + "  interface: { outputs: [{ name: b, type: object }] }\n"
    )
    assert "does not fit its schema" in go(flow).error


def test_a_plan_is_made_of_waves() -> None:
    flow = workflow(
        blocks("b", "c", "d", a="1")
        + copy("e1", "a", "b")
        + copy("e2", "a", "c")
        + copy("e3", "b", "d")
    )
    assert plan(flow).stages == (("e1", "e2"), ("e3",))
    with pytest.raises(RegistryError, match="wait for each other"):
        plan(workflow(blocks("a", "b") + copy("e1", "a", "b") + copy("e2", "b", "a")))


BOUNDED = """
  blocks:
    - { id: text, type: text, schema: { type: string, maxLength: 5 } }
    - { id: out, type: text, schema: { type: string, maxLength: 3 } }
    - { id: fixed, type: structured, value: CONSTANT, schema: { properties: { count: { max: 2 } } } }
  edges:
    - { id: copy, source: [text, fixed], target: out, type: modify, config: { content: "{{text}}" } }
  interface:
    inputs: [{ name: text, required: true }]
    outputs: [{ name: out }]
"""


def bounded(constant: str = "{ count: 1 }") -> Workflow:
    return workflow(BOUNDED.replace("CONSTANT", constant))


def test_an_input_obeys_the_schema_of_the_block_that_it_fills() -> None:
    with pytest.raises(UsageError, match=r"fills the block 'text',.*longer than 5 .*\(maxLength\)"):
        go(bounded(), {"text": "abcdef"})


def test_what_an_edge_writes_obeys_its_block_s_schema() -> None:
    result = go(bounded(), {"text": "abcd"})
    assert re.search(r"edge copy .* the block out does not fit .*\(maxLength\)", result.error)
    assert go(bounded(), {"text": "abc"}).outputs == {"out": "abc"}


def test_a_constant_obeys_its_block_s_schema() -> None:
    result = go(bounded("{ count: 3 }"), {"text": "abc"})
    assert re.search(
        r"constant of the block 'fixed' .*\['count'\].*\(properties/count/maximum\)", result.error
    )


LOOPED_OUT = """
  blocks:
    - { id: texts, type: structured, looped: true }
    - { id: out, type: structured, schema: SCHEMA }
  edges: [{ id: copy, source: texts, target: out, type: modify, config: { modify_type: copy } }]
  interface: { inputs: [{ name: texts }], outputs: [{ name: out }] }
"""


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{ type: string, maxLength: 2 }", "longer than 2"),
        ("{ type: array, items: { maxLength: 2 } }", "longer than 2"),
        ("{ type: array, maxItems: 1 }", "more than 1 item"),
    ],
)
def test_a_looped_edge_s_list_and_its_items_obey_the_schema(schema: str, expected: str) -> None:
    assert (
        expected
        in go(workflow(LOOPED_OUT.replace("SCHEMA", schema)), {"texts": ["ab", "abc"]}).error
    )
    longer = schema.replace("maxLength: 2", "maxLength: 3").replace("maxItems: 1", "maxItems: 2")
    result = go(workflow(LOOPED_OUT.replace("SCHEMA", longer)), {"texts": ["ab", "abc"]})
    assert result.blocks["out"] == ["ab", "abc"]
