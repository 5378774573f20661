"""One computation of an edge: its configuration read, its result remembered or computed, and checked."""

from __future__ import annotations

from registry_tool.core.values import Frozen, Value
from registry_tool.engine import events
from registry_tool.engine.edges.all_edges import config_of, edge_kind
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.engine.edges.config import EdgeConfig
from registry_tool.engine.edges.workflow import WorkflowConfig
from registry_tool.engine.inputs import check_value
from registry_tool.engine.settings import RunSettings
from registry_tool.manifest.model import Edge


class EdgeComputer:
    """Computes edges of one run; a configuration is read once, however many items there are."""

    def __init__(self, settings: RunSettings, services: Services) -> None:
        self._settings, self._services = settings, services
        self._configs: dict[tuple[str, int], tuple[Frozen, EdgeConfig]] = {}

    def config_of(self, edge: Edge) -> EdgeConfig:
        """The typed configuration of an edge; `EdgeError` where it breaks its schema."""
        key = (edge.type, id(edge.config))
        if key not in self._configs:  # what is held keeps its id
            self._configs[key] = (edge.config, config_of(edge))
        return self._configs[key][1]

    async def compute(self, call: EdgeCall) -> dict[str, Value]:
        """One item through one edge: remembered, or computed and checked against the targets' schemas."""
        config, cache = self.config_of(call.edge), self._settings.cache
        key = self._key(call, config)
        known = cache.get(key) if key and cache else None
        if known is not None:
            self._services.emit(events.EDGE_CACHED, {"edge": call.edge.id, "key": key})
            results = known
        else:
            results = await edge_kind(call.edge.type).run(call, config, self._services)
        for target, value in results.items():
            check_value(value, call.target_schemas.get(target, {}), f"the block {target}")
        if key and known is None and cache:
            cache.put(key, results)
        return results

    def _key(self, call: EdgeCall, config: EdgeConfig) -> str | None:
        from registry_tool.engine.result_cache import cache_key

        if not config.cache or self._settings.cache is None:
            return None
        named = config.name if isinstance(config, WorkflowConfig) else ""
        callee = self._settings.callees.get(named)
        return cache_key(call, config, self._services, callee.digest if callee else "")
