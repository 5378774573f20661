"""JSON Schemas of a foreign file: those that a manifest may hold, and why another one may not."""

from __future__ import annotations

from registry_tool.core.values import Frozen
from registry_tool.manifest.json_schema.locations import schema_findings
from registry_tool.manifest.json_schema.misfit import misfit


def schema_fault(schema: Frozen) -> str:
    """What a manifest would be refused for with this schema, in words; empty for nothing."""
    found = next(schema_findings({"schema": dict(schema)}), None)
    if found is not None:
        return found.message
    try:
        misfit(None, schema)
    except ValueError as error:
        return str(error)
    return ""
