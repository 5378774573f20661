"""The manifest's schema in one document, with the schemas of all edge types inside it.

`workflow-v1.schema.json` refers to `edges/<type>.schema.json` beside it: that is how editors complete an edge.
It also holds those schemas under their own `$id` (JSON Schema 2020-12, §9.3.1), each on one line: a validator
needs no second file and no network. `scripts/edge_schemas.py` writes them there.
"""

from __future__ import annotations

import json

from registry_tool.manifest.schemas import (
    EDGE_TYPES,
    MODEL_BLOCK_SCHEMA,
    edge_schema_file,
    schema_object,
)

_MARKS = ('    "edges/', '    "blocks/')
_FILES = (*map(edge_schema_file, EDGE_TYPES), MODEL_BLOCK_SCHEMA)


def bundled(text: str) -> str:
    """The text of `workflow-v1.schema.json` with today's schemas of the edge types; all else as it is."""
    lines = [line for line in text.splitlines() if not line.startswith(_MARKS)]
    held = [f'    "{name.partition(".")[0]}": {_line(name)},' for name in _FILES]
    at = lines.index('  "$defs": {') + 1
    return "\n".join([*lines[:at], *held, *lines[at:]]) + "\n"


def _line(name: str) -> str:
    return json.dumps(schema_object(name), ensure_ascii=False, separators=(",", ":"))
