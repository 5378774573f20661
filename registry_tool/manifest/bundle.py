"""The manifest's schema in one document, with the schemas of all edge types inside it.

`workflow-v1.schema.json` holds them as `$defs`, each on one line, and refers to nothing but itself: an editor's
language server completes an edge's configuration, and a validator checks it, with no second file, no network and
no support for embedded schemas. `scripts/edge_schemas.py` writes them there.
"""

from __future__ import annotations

import json
from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.manifest.schemas import (
    BUNDLED,
    EDGE_TYPES,
    MODEL_BLOCK_SCHEMA,
    edge_schema_file,
    schema_text,
)

_FILES = {
    **{f"{BUNDLED[0]}{type_}": edge_schema_file(type_) for type_ in EDGE_TYPES},
    f"{BUNDLED[1]}llm": MODEL_BLOCK_SCHEMA,
}
"""The file of each definition."""
_OWN = ("$schema", "$id")


def bundled(text: str) -> str:
    """The text of `workflow-v1.schema.json` with today's schemas of the edge types; all else as it is."""
    marks = tuple(f'    "{start}' for start in BUNDLED)
    lines = [line for line in text.splitlines() if not line.startswith(marks)]
    held = [f'    "{name}": {_line(name, file)},' for name, file in _FILES.items()]
    at = lines.index('  "$defs": {') + 1
    return "\n".join([*lines[:at], *held, *lines[at:]]) + "\n"


def _line(name: str, file: str) -> str:
    schema = cast(Object, json.loads(schema_text(file)))
    own = {key: one for key, one in schema.items() if key not in _OWN}
    return json.dumps(_moved(own, f"#/$defs/{name}"), ensure_ascii=False, separators=(",", ":"))


def _moved(schema: Value, to: str) -> Value:
    """A schema whose references to itself lead to its new place."""
    if isinstance(schema, list):
        return [_moved(item, to) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: f"{to}{one[1:]}" if key == "$ref" and isinstance(one, str) else _moved(one, to)
        for key, one in schema.items()
    }
