"""`map`: an inner edge over every item of a list, bounded in parallel.

Config: `over` (a source block's id; default the first source), `edge` ({type, config} of what to do with
each item; its templates may use `{{item}}` and `{{index}}`), `parallel` (default 8), `on_error` (`fail`, the
default, or `null`: a failed item becomes null).
"""

from __future__ import annotations

import asyncio
from collections import ChainMap
from dataclasses import replace
from typing import cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services


class MapEdge:
    """Fan out over a list."""

    type = "map"

    async def run(self, call: EdgeCall, services: Services) -> dict[str, Value]:
        """Lists of the inner edge's results, in the items' order, by target."""
        over = str(call.config.get("over") or call.edge.sources[0])
        items = call.inputs.get(over)
        if not isinstance(items, list):
            raise EdgeError(f"map needs a list, but the block {over} holds none")
        gate = asyncio.Semaphore(_parallel(call))

        async def one(index: int, item: Value) -> dict[str, Value]:
            async with gate:
                return await _item(call, services, over, index, item)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(index, item)) for index, item in enumerate(items)]
        return {
            target: [task.result().get(target) for task in tasks] for target in call.edge.targets
        }


def _parallel(call: EdgeCall) -> int:
    parallel = call.config.get("parallel", 8)
    if not isinstance(parallel, int) or isinstance(parallel, bool) or not 1 <= parallel <= 1000:
        raise EdgeError("parallel must be a whole number from 1 to 1000", place="config.parallel")
    return parallel


async def _item(
    call: EdgeCall, services: Services, over: str, index: int, item: Value
) -> dict[str, Value]:
    if services.run_edge is None:
        raise EdgeError("this run can't run inner edges")
    try:
        return await services.run_edge(_inner(call, over, index, item))
    except RegistryError:
        if call.config.get("on_error") == "null":
            return {}
        raise


def _inner(call: EdgeCall, over: str, index: int, item: Value) -> EdgeCall:
    inner = call.config.get("edge")
    if not isinstance(inner, dict) or not isinstance(inner.get("type"), str):
        raise EdgeError("map needs edge: {type, config}", place="config.edge")
    if inner["type"] in {"map", "loop"}:
        raise EdgeError(f"map can't hold an edge of type {inner['type']}", place="config.edge.type")
    config = cast(Object, inner.get("config") or {})
    scope = ChainMap({"item": item, "index": index, over: item}, cast(Object, call.scope))
    return replace(
        call,
        edge=replace(call.edge, type=str(inner["type"]), config=config),
        inputs={**call.inputs, over: item},
        scope=scope,
        target_schemas={
            target: cast(Object, schema.get("items") or {})
            for target, schema in call.target_schemas.items()
        },
    )
