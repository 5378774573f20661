"""Looped blocks: one edge over every item of a list, or over the product of several lists."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from itertools import product

from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeCall

RunOne = Callable[[Mapping[str, Value]], Awaitable[dict[str, Value]]]


def looped_sources(call: EdgeCall) -> list[str]:
    """Ids of the edge's looped source blocks, in declared order."""
    return [block.id for block in call.sources if block.looped]


async def run_looped(call: EdgeCall, looped: list[str], run_one: RunOne) -> dict[str, Value]:
    """Every combination of the looped blocks' items through `run_one`; targets become lists.

    Order is that of the items, not of completion. A target that an item did not take is left out of its list.
    """
    combinations = list(_combinations(call, looped))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_one(run_one, inputs)) for inputs in combinations]
    results = [task.result() for task in tasks]
    return {
        target: [result[target] for result in results if target in result]
        for target in call.edge.targets
        if not results or any(target in result for result in results)
    }


async def _one(run_one: RunOne, inputs: Mapping[str, Value]) -> dict[str, Value]:
    return await run_one(inputs)


def _combinations(call: EdgeCall, looped: list[str]) -> Iterator[dict[str, Value]]:
    for chosen in product(*(_items(call.inputs[name]) for name in looped)):
        yield {**call.inputs, **dict(zip(looped, chosen, strict=True))}


def _items(value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return [{key: item} for key, item in value.items()]
    return [value]
