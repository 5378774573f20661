"""The JSON Schema that an edge's `structured_output` asks a model for."""

from __future__ import annotations

from registry_tool.core.values import Frozen, Value
from registry_tool.manifest.edge_config import settings


def requested_schema(config: Frozen) -> Frozen | None:
    """`{}` where any JSON will do (`true`: an object, where no target says more), None where none is asked for.

    A schema stands in `schema` or `json_schema`, or is the object itself; of OpenAI's `{name, schema}` its schema.
    """
    return schema_asked_for(settings(config).get("structured_output"))


def schema_asked_for(structured_output: Value | Frozen) -> Frozen | None:
    """As `requested_schema`, of what stands in `structured_output`."""
    if structured_output is True:
        return {}
    if not isinstance(structured_output, dict):
        return None
    inner: Value = structured_output.get(
        "schema", structured_output.get("json_schema", structured_output)
    )
    if isinstance(inner, dict) and isinstance(inner.get("schema"), dict) and "type" not in inner:
        inner = inner["schema"]
    return inner if isinstance(inner, dict) else {}
