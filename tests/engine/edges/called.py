"""One edge, called with its sources as an author names them."""

from __future__ import annotations

import asyncio

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.all_edges import config_of, edge_kind
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.manifest.model import Block, Edge


def call(kind: str, config: Object, services: Services | None = None, **inputs: Value) -> Value:
    """What the edge writes to its only target; a source's label is its id in capitals."""
    sources = tuple(Block(name, "text", label=name.upper()) for name in inputs)
    made = EdgeCall(
        Edge("e", kind, tuple(inputs), ("out",), config),
        inputs,
        {**inputs, **{name.upper(): value for name, value in inputs.items()}},
        sources,
        (Block("out", "structured"),),
    )
    return asyncio.run(edge_kind(kind).run(made, config_of(made.edge), services or Services())).get(
        "out", "not taken"
    )
