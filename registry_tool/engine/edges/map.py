"""`map`: an inner edge over every item of a list, bounded in parallel.

Config: `over` (a source block's id; default the first source), `edge` ({type, config} of what to do with
each item; its templates may use `{{item}}` and `{{index}}`), `parallel` (default 8), `on_error`: `fail` (the
default), `null` (a failed item becomes null), `skip` (it is left out) or `report` (it becomes {error}). What the
run lacks fails the edge all the same: an answer that nobody recorded is no failed item. An object is mapped over
its pairs, each an object of one key.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.config import EdgeConfig
from registry_tool.engine.edges.fan_out import bounded, items_of
from registry_tool.engine.failures import ends_run

_Failed = Callable[[str], dict[str, Value] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class InnerEdge:
    """What is done with each item; the configuration is that type's own."""

    type: str
    config: Frozen = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MapConfig(EdgeConfig):
    """Over which block, what is done, how much at once, and what a failure does."""

    over: str = ""
    edge: InnerEdge
    parallel: int = 8
    on_error: Literal["fail", "null", "skip", "report"] = "fail"


class MapEdge:
    """Fan out over a list."""

    type = "map"
    config = MapConfig

    async def run(self, call: EdgeCall, config: MapConfig, services: Services) -> dict[str, Value]:
        """Lists of the inner edge's results, in the items' order, by target."""
        over = config.over or call.edge.sources[0]
        items = call.inputs.get(over)
        if not isinstance(items, list | dict):
            raise EdgeError(f"map needs a list, but the block {over} holds none")
        failed = _on_error(call, config)

        async def one(numbered: tuple[int, Value]) -> dict[str, Value] | None:
            try:
                return await _item(call, services, config.edge, over, *numbered)
            except RegistryError as error:
                if failed is None or ends_run(error):
                    raise
                _emit_failure(call, services, numbered[0], error)
                return failed(str(error))

        found = await bounded(one, enumerate(items_of(items)), config.parallel)
        kept = [result for result in found if result is not None]
        return {target: [result.get(target) for result in kept] for target in call.edge.targets}


def _on_error(call: EdgeCall, config: MapConfig) -> _Failed | None:
    """What a failed item gives; None where it fails the edge."""
    choices: Mapping[str, _Failed | None] = {
        "fail": None,
        "null": lambda _: {},
        "skip": lambda _: None,
        "report": lambda reason: {target: {"error": reason} for target in call.edge.targets},
    }
    return choices[config.on_error]


async def _item(  # noqa: PLR0913, PLR0917 - one item of one call
    call: EdgeCall, services: Services, inner: InnerEdge, over: str, index: int, item: Value
) -> dict[str, Value]:
    if services.run_edge is None:
        raise EdgeError("this run can't run inner edges")
    return await services.run_edge(
        replace(
            call,
            edge=replace(call.edge, type=inner.type, config=inner.config),
            inputs={**call.inputs, over: item},
            scope=ChainMap({"item": item, "index": index, over: item}, cast(Object, call.scope)),
            target_schemas={
                target: cast(Object, schema.get("items") or {})
                for target, schema in call.target_schemas.items()
            },
        )
    )


def _emit_failure(call: EdgeCall, services: Services, index: int, error: RegistryError) -> None:
    services.emit(events.ITEM_FAILED, {"edge": call.edge.id, "index": index, "error": str(error)})
