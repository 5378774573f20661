"""`map`: an inner edge over every item of a list, bounded in parallel.

Config: `over` (a source block's id; default the first source), `edge` ({type, config} of what to do with
each item; its templates may use `{{item}}` and `{{index}}`), `parallel` (default 8), `on_error`: `fail` (the
default), `null` (a failed item becomes null), `skip` (it is left out) or `report` (it becomes {error}). An object
is mapped over its pairs, each an object of one key.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.fan_out import bounded, items_of

_NESTED: Final = frozenset({"map", "loop"})
_Failed = Callable[[str], dict[str, Value] | None]


class MapEdge:
    """Fan out over a list."""

    type = "map"

    async def run(self, call: EdgeCall, services: Services) -> dict[str, Value]:
        """Lists of the inner edge's results, in the items' order, by target."""
        over = str(call.config.get("over") or call.edge.sources[0])
        items = call.inputs.get(over)
        if not isinstance(items, list | dict):
            raise EdgeError(f"map needs a list, but the block {over} holds none")
        failed = _on_error(call)
        inner = _inner(call)

        async def one(numbered: tuple[int, Value]) -> dict[str, Value] | None:
            try:
                return await _item(call, services, inner, over, *numbered)
            except RegistryError as error:
                if failed is None:
                    raise
                _tell(call, services, numbered[0], error)
                return failed(str(error))

        found = await bounded(one, enumerate(items_of(items)), _parallel(call))
        kept = [result for result in found if result is not None]
        return {target: [result.get(target) for result in kept] for target in call.edge.targets}


def _parallel(call: EdgeCall) -> int:
    parallel = call.config.get("parallel", 8)
    if not isinstance(parallel, int) or isinstance(parallel, bool) or not 1 <= parallel <= 1000:
        raise EdgeError("parallel must be a whole number from 1 to 1000", place="config.parallel")
    return parallel


def _on_error(call: EdgeCall) -> _Failed | None:
    """What a failed item gives; None where it fails the edge."""
    choices: Mapping[str, _Failed | None] = {
        "fail": None,
        "null": lambda _: {},
        "skip": lambda _: None,
        "report": lambda reason: {target: {"error": reason} for target in call.edge.targets},
    }
    wanted = str(call.config.get("on_error") or "fail")
    if wanted not in choices:
        raise EdgeError(f"on_error is one of {', '.join(choices)}", place="config.on_error")
    return choices[wanted]


def _inner(call: EdgeCall) -> Object:
    inner = call.config.get("edge")
    if not isinstance(inner, dict) or not isinstance(inner.get("type"), str):
        raise EdgeError("map needs edge: {type, config}", place="config.edge")
    if inner["type"] in _NESTED:
        raise EdgeError(f"map can't hold an edge of type {inner['type']}", place="config.edge.type")
    return inner


async def _item(  # noqa: PLR0913, PLR0917 - one item of one call
    call: EdgeCall, services: Services, inner: Object, over: str, index: int, item: Value
) -> dict[str, Value]:
    if services.run_edge is None:
        raise EdgeError("this run can't run inner edges")
    return await services.run_edge(
        replace(
            call,
            edge=replace(
                call.edge, type=str(inner["type"]), config=cast(Object, inner.get("config") or {})
            ),
            inputs={**call.inputs, over: item},
            scope=ChainMap({"item": item, "index": index, over: item}, cast(Object, call.scope)),
            target_schemas={
                target: cast(Object, schema.get("items") or {})
                for target, schema in call.target_schemas.items()
            },
        )
    )


def _tell(call: EdgeCall, services: Services, index: int, error: RegistryError) -> None:
    services.emit(events.ITEM_FAILED, {"edge": call.edge.id, "index": index, "error": str(error)})
