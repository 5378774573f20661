"""One computation of an edge: its configuration read, its result remembered or computed, and checked."""

from __future__ import annotations

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.all_edges import config_of, edge_kind
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.engine.edges.config import EdgeConfig
from registry_tool.engine.inputs import check_value
from registry_tool.engine.settings import RunSettings
from registry_tool.manifest.model import Edge, Environment


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
        called = self._called() if call.edge.type == "workflow" else ""
        return cache_key(call, config, self._services, called)

    def _called(self) -> str:
        """All that makes a called workflow's result, as one hash: the files of every dependency, as it may call
        others in turn, and the environment of the run."""
        from registry_tool.core.files import canonical_json
        from registry_tool.manifest.digest import content_hash

        mine = self._settings
        run = mine.run.environment if mine.run else Environment("", variables=mine.variables)
        about: Object = {
            "digests": {name: callee.digest for name, callee in mine.callees.items()},
            "environment": mine.environment,
            "overrides": [dict(self._services.overrides), dict(run.overrides), dict(run.overlay)],
            "variables": [dict(run.variables), dict(run.overlay_variables)],
        }
        return content_hash(canonical_json(about))
