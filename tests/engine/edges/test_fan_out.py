"""Looped blocks: every combination once, in order, never more at once than allowed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.engine.edges.base import EdgeCall
from registry_tool.engine.edges.fan_out import bounded, items_of, run_looped
from registry_tool.manifest.model import Edge


@given(st.lists(st.integers(0, 4), max_size=8), st.integers(1, 4))
def test_results_come_in_the_order_of_the_items_and_at_most_some_at_once(
    waits: list[int], parallel: int
) -> None:
    active = most = 0

    async def work(item: tuple[int, int]) -> int:
        nonlocal active, most
        active += 1
        most = max(most, active)
        for _ in range(item[1]):
            await asyncio.sleep(0)
        active -= 1
        return item[0]

    found = asyncio.run(bounded(work, enumerate(waits), parallel))
    assert found == list(range(len(waits)))
    assert most <= parallel
    assert most == min(parallel, len(waits)) or 0 in waits  # who needs no time meets nobody


def test_the_first_failure_ends_the_others() -> None:
    started: list[int] = []

    async def work(item: int) -> None:
        started.append(item)
        if item == 1:
            raise RegistryError("broken")
        await asyncio.sleep(60)

    with pytest.raises(ExceptionGroup) as caught:
        asyncio.run(bounded(work, range(100), 3))
    assert [str(error) for error in caught.value.exceptions] == ["broken"]
    assert len(started) <= 3


def looped(inputs: dict[str, Any], over: list[str]) -> Any:
    call = EdgeCall(Edge("e", "x", tuple(inputs), ("out", "odd")), inputs, inputs)

    async def one(given: Any) -> Any:
        joined = "".join(str(value) for value in given.values())
        return {"out": joined} | ({"odd": joined} if len(joined) % 2 else {})

    return asyncio.run(run_looped(call, over, one, 2))


def test_two_lists_give_their_product() -> None:
    found = looped({"a": [1, 2], "b": "-", "c": ["x", "yz"]}, ["a", "c"])
    assert found["out"] == ["1-x", "1-yz", "2-x", "2-yz"]
    assert found["odd"] == ["1-x", "2-x"]  # what an item did not take is left out


def test_a_target_that_no_item_took_is_not_taken() -> None:
    assert looped({"a": ["xy"]}, ["a"]) == {"out": ["xy"]}
    assert looped({"a": []}, ["a"]) == {"out": [], "odd": []}


def test_without_a_list_there_is_nothing_to_loop_over() -> None:
    assert looped({"a": "x"}, ["a"]) == {"out": "x", "odd": "x"}
    assert items_of({"k": 1, "l": [2]}) == [{"k": 1}, {"l": [2]}]
