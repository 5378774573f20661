"""What an edge gives where it failed and its `on_error` lets the run go on."""

from __future__ import annotations

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeError
from registry_tool.engine.failures import ends_run
from registry_tool.engine.plan import PreparedEdge
from registry_tool.manifest.json_schema.misfit import misfit
from registry_tool.manifest.written_answers import by_target


def instead_of(frame: PreparedEdge, failure: RegistryError) -> dict[str, Value]:
    """What the targets get, nothing for `skip`; raises the failure where it ends the run all the same.

    That is without an `on_error`, and where not the edge failed but the run.
    """
    fallback = frame.edge.on_error
    if fallback is None or ends_run(failure):
        raise failure
    if not fallback.has_value:
        return {}
    results = by_target(frame.edge, fallback.value)
    schemas = frame.lists if frame.looped else frame.schemas
    for target, value in results.items():
        if wrong := misfit(value, schemas.get(target) or {}):
            raise EdgeError(
                f"the value of on_error doesn't fit the block {target}: {wrong}",
                location="on_error",
            ) from failure
    return results
