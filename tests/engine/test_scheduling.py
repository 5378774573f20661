"""Steps of a batch: each once, none before what it waits for, and what goes wrong comes out as itself."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.engine.plan import Batch, EdgeStep, Step
from registry_tool.engine.scheduling import run_batch
from registry_tool.manifest.model import Edge


def _batch(waits_for: list[set[int]]) -> Batch:
    """A batch in which the step at each position waits for those given there."""
    steps = tuple(
        EdgeStep(Edge(f"e{position}", "modify", (), ()), ()) for position in range(len(waits_for))
    )
    feeds = tuple(
        tuple(later for later, needed in enumerate(waits_for) if position in needed)
        for position in range(len(waits_for))
    )
    return Batch(steps, tuple(map(len, waits_for)), feeds)


def _name(step: Step) -> str:
    assert isinstance(step, EdgeStep)
    return step.edge.id


@st.composite
def _graphs(draw: st.DrawFn) -> list[set[int]]:
    """For each step of up to eight, the earlier ones that it waits for."""
    count = draw(st.integers(0, 8))
    return [
        draw(st.sets(st.integers(0, position - 1))) if position else set()
        for position in range(count)
    ]


@given(_graphs())
def test_each_step_runs_once_and_after_all_that_it_waits_for(waits_for: list[set[int]]) -> None:
    ended: list[str] = []

    async def run_step(step: Step) -> None:
        position = int(_name(step)[1:])
        assert {f"e{needed}" for needed in waits_for[position]} <= set(ended)
        await asyncio.sleep(0)
        ended.append(_name(step))

    asyncio.run(run_batch(_batch(waits_for), run_step))
    assert sorted(ended) == sorted(f"e{position}" for position in range(len(waits_for)))


def test_steps_that_wait_for_nothing_run_beside_each_other() -> None:
    async def all_of() -> None:
        met = asyncio.Barrier(3)

        async def run_step(_: Step) -> None:
            await met.wait()  # for ever, were they run one after the other

        async with asyncio.timeout(60):
            await run_batch(_batch([set(), set(), set()]), run_step)

    asyncio.run(all_of())


def test_an_error_comes_out_as_itself_and_ends_the_others() -> None:
    cancelled: list[str] = []

    async def run_step(step: Step) -> None:
        if _name(step) == "e1":
            raise RegistryError("the model is gone") from ConnectionError("no route")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(_name(step))
            raise

    with pytest.raises(RegistryError, match="the model is gone") as caught:
        asyncio.run(run_batch(_batch([set(), set(), {0}]), run_step))
    assert isinstance(caught.value.__cause__, ConnectionError)
    assert cancelled == ["e0"]
