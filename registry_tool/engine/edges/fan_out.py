"""Looped blocks: one edge over every item of a list, or over the product of several lists."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import TypeVar

from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeCall

RunOne = Callable[[Mapping[str, Value]], Awaitable[dict[str, Value]]]
_In = TypeVar("_In")
_Out = TypeVar("_Out")


async def run_looped(
    call: EdgeCall, looped: Sequence[str], run_one: RunOne, parallel: int
) -> dict[str, Value]:
    """Every combination of the looped blocks' items through `run_one`; targets become lists.

    Order is that of the items, not of completion. A target that an item did not take is left out of its list.
    Where no looped block holds a list or an object there is nothing to loop over: the edge runs once, as without.
    """
    if not any(isinstance(call.inputs[name], list | dict) for name in looped):
        return await run_one(call.inputs)
    results = await bounded(run_one, _combinations(call, looped), parallel)
    return {
        target: [result[target] for result in results if target in result]
        for target in call.edge.targets
        if not results or any(target in result for result in results)
    }


async def bounded(
    work: Callable[[_In], Awaitable[_Out]], items: Iterable[_In], parallel: int
) -> list[_Out]:
    """`work` over all items, at most `parallel` at once and no more tasks than that; results in order.

    The first failure ends the others and is raised in a group.
    """
    waiting = enumerate(items)
    found: dict[int, _Out] = {}

    async def worker(position: int, item: _In) -> None:
        found[position] = await work(item)
        for following, other in waiting:
            found[following] = await work(other)

    async with asyncio.TaskGroup() as group:
        for first in islice(waiting, parallel):
            group.create_task(worker(*first))
    return [found[position] for position in sorted(found)]


def _combinations(call: EdgeCall, looped: Sequence[str]) -> Iterator[dict[str, Value]]:
    for chosen in product(*(items_of(call.inputs[name]) for name in looped)):
        yield {**call.inputs, **dict(zip(looped, chosen, strict=True))}


def items_of(value: Value) -> list[Value]:
    """What is looped over: a list's items, an object's pairs as objects of one key, else the value alone."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return [{key: item} for key, item in value.items()]
    return [value]
