"""The whole description: documents that every registry has, and what a live one answers beside them."""

from __future__ import annotations

from typing import Final, cast

from registry_tool import __version__
from registry_tool.api.layout import ROOT
from registry_tool.api.openapi import (
    deploying,
    errors,
    mcp,
    openai,
    publishing,
    reading,
    runs,
    signing_in,
    static,
)
from registry_tool.api.openapi.parts import LIVE, merged
from registry_tool.core.values import Object, Value

_LIVE: Final = (
    "What `registry-tool serve` answers beside the documents. A registry without a server has none of it; "
    "the `live` of `index.json` says which one it is"
)
BELOW_API: Final = merged(
    static.PATHS,
    reading.PATHS,
    publishing.PATHS,
    runs.PATHS,
    deploying.PATHS,
    signing_in.PATHS,
)
"""Paths below `/api/v1`."""
BELOW_ROOT: Final = merged(openai.PATHS, mcp.PATHS)
"""Paths below the registry's own address, where their clients look for them."""
_SCHEMAS: Final[Object] = {
    **static.SCHEMAS,
    **runs.SCHEMAS,
    **errors.SCHEMAS,
    **publishing.SCHEMAS,
    **deploying.SCHEMAS,
    **signing_in.SCHEMAS,
    **openai.SCHEMAS,
}


def openapi(url: str) -> Object:
    """The document for a registry served at `url` (empty: relative to the document's own address)."""
    base = url.rstrip("/")
    root = base or "/".join(".." for _ in ROOT.split("/"))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Workflow Registry API", "version": __version__},
        "servers": [{"url": f"{base}/{ROOT}" if base else "."}],
        "tags": [{"name": LIVE, "description": _LIVE}],
        "paths": {**BELOW_API, **{path: _at(root, item) for path, item in BELOW_ROOT.items()}},
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {"bearerAuth": {"type": "http", "scheme": "bearer"}},
        },
    }


def _at(server: str, item: Value) -> Object:
    """A path's operations at another server than the document's."""
    servers: list[Value] = [{"url": server}]
    operations = cast(dict[str, Object], item)
    return {method: {**operation, "servers": servers} for method, operation in operations.items()}
