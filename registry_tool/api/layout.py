"""Where documents are, and how a resolver's lines are guarded: what readers of the API share with its writer."""

from __future__ import annotations

from typing import Final

from registry_tool.core.files import canonical_json
from registry_tool.core.values import Object
from registry_tool.manifest.digest import content_hash

ROOT: Final = "api/v1"
PROVENANCE: Final = "provenance"
"""Below it the attestations of packages are, by workflow: `<name>/<name>-<version>.sigstore.json`."""
INDEX: Final = f"{ROOT}/index.json"
MCP_SERVERS: Final = "v0.1/servers"
"""Below it an MCP registry's documents are, all of them JSON, whatever their names end with."""


def sparse_path(name: str) -> str:
    """`sparse/<xx>/<name>`; xx are the name's first two characters."""
    return f"sparse/{name[:2].ljust(2, '_')}/{name}"


def summed(item: Object) -> bytes:
    """Canonical JSON with `sum`, the first 16 hex digits of SHA-256 over the rest: a flipped byte shows."""
    return canonical_json({**item, "sum": content_hash(canonical_json(item))[:16]})
