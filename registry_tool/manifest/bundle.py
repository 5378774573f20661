"""The manifest's schema in one document, with the schemas of all edge types inside it.

`workflow-v1.schema.json` refers to `edges/<type>.schema.json` beside it: that is how editors complete an edge.
It also holds those schemas under their own `$id` (JSON Schema 2020-12, §9.3.1), each on one line: a validator
needs no second file and no network. `scripts/edge_schemas.py` writes them there.
"""

from __future__ import annotations

import json

from registry_tool.manifest.edge_config import edge_schema
from registry_tool.manifest.schemas import EDGE_TYPES

_MARK = '    "edges/'


def bundled(text: str) -> str:
    """The text of `workflow-v1.schema.json` with today's schemas of the edge types; all else as it is."""
    lines = [line for line in text.splitlines() if not line.startswith(_MARK)]
    held = [f'{_MARK}{type_}": {_line(type_)},' for type_ in EDGE_TYPES]
    at = lines.index('  "$defs": {') + 1
    return "\n".join([*lines[:at], *held, *lines[at:]]) + "\n"


def _line(type_: str) -> str:
    return json.dumps(edge_schema(type_), ensure_ascii=False, separators=(",", ":"))
