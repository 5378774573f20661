"""Plans: who waits for whom, loops as one step, and the laws of a batch."""

from __future__ import annotations

import pytest
from hypothesis import given

from registry_tool.core.errors import RegistryError
from registry_tool.engine.plan import EdgeStep, LoopStep, batch, plan
from registry_tool.manifest.graph import Graph
from tests.manifest.test_graph import graph, graphs


@given(graphs())
def test_every_edge_is_planned_once_and_waits_only_for_those_before_it(found: Graph) -> None:
    try:
        made = plan(found.workflow)
    except RegistryError:
        assert found.cycle or found.loops  # two loops may wait for each other
        return
    planned = [edge.id for step in made.steps for edge in step.edges]
    assert sorted(planned) == sorted(set(planned))
    assert {edge.id for edge in found.order} <= set(planned)
    for number, followers in enumerate(made.batch.feeds):
        assert all(follower > number for follower in followers)
    assert sum(made.batch.waits) == sum(map(len, made.batch.feeds))


@given(graphs())
def test_a_wave_needs_only_the_waves_before_it(found: Graph) -> None:
    if found.cycle or found.loops:
        return
    location = {name: n for n, wave in enumerate(plan(found.workflow).stages) for name in wave}
    for edge in found.order:
        for block in found.reads[edge.id]:
            for writer in found.producers.get(block, ()):
                assert location[writer.id] < location[edge.id]


def test_a_cycle_without_a_loop_edge_is_refused_with_a_way_out() -> None:
    with pytest.raises(RegistryError, match="wait for each other") as caught:
        plan(graph(("a", "b", "llm"), ("b", "a", "llm")).workflow)
    assert "loop" in caught.value.hint


def test_a_loop_holds_what_lies_between_its_ends_and_nothing_else() -> None:
    made = plan(
        graph(("a", "b", "llm"), ("b", "c", "llm"), ("c", "b", "loop"), ("b", "d", "llm")).workflow
    )
    (loop,) = [step for step in made.steps if isinstance(step, LoopStep)]
    assert [edge.id for edge in loop.edges] == ["e1", "e2"]
    others = [step.edge.id for step in made.steps if isinstance(step, EdgeStep)]
    assert others == ["e0", "e3"]
    assert made.stages[-1] == ("e3",)  # who reads what the loop writes comes after it


def test_a_loop_in_a_loop_is_one_step_of_it() -> None:
    made = plan(
        graph(
            ("a", "b", "llm"),
            ("b", "c", "llm"),
            ("c", "b", "loop"),
            ("c", "d", "llm"),
            ("d", "a", "loop"),
        ).workflow
    )
    (outer,) = made.steps
    assert isinstance(outer, LoopStep)
    assert outer.loop.id == "e4"
    (inner,) = [step for step in outer.body if isinstance(step, LoopStep)]
    assert inner.loop.id == "e2"


def test_writers_of_one_block_take_turns() -> None:
    made = plan(graph(("a", "c", "llm"), ("b", "c", "llm"), ("c", "d", "llm")).workflow)
    assert made.batch.waits == (0, 1, 2)
    assert made.batch.feeds == ((1, 2), (2,), ())
    assert batch(()).waits == ()


def test_a_plan_is_made_once() -> None:
    flow = graph(("a", "b", "llm")).workflow
    assert plan(flow) is plan(flow)


def test_a_plan_is_made_once_and_leaves_its_workflow_as_it_is() -> None:
    workflow = graph(("a", "b", "modify"), ("b", "c", "modify")).workflow
    made = plan(workflow)
    assert plan(workflow) is made
    assert "_plan" not in vars(workflow)
