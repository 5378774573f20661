"""Every edge kind, registered by hand; a kind's module is imported when an edge of its type is there."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any, Final

from registry_tool.engine.edges.base import EdgeError, EdgeKind
from registry_tool.engine.edges.config import EdgeConfig, read_config
from registry_tool.manifest.model import Edge

ALL_EDGES: Final = {
    "branch": "BranchEdge",
    "chunk": "ChunkEdge",
    "code": "CodeEdge",
    "deep_research": "DeepResearchEdge",
    "external": "ExternalEdge",
    "generate": "GenerateEdge",
    "http": "HttpEdge",
    "llm": "LlmEdge",
    "load": "LoadEdge",
    "loop": "LoopEdge",
    "map": "MapEdge",
    "modify": "ModifyEdge",
    "query_rewrite": "QueryRewriteEdge",
    "rerank": "RerankEdge",
    "retrieve": "RetrieveEdge",
    "save": "SaveEdge",
    "search": "SearchEdge",
    "template": "TemplateEdge",
    "workflow": "WorkflowEdge",
}
"""The class of each type, in the module of that name beside this one."""


@cache
def edge_kind(type_: str) -> EdgeKind[Any]:
    """The kind of an edge type; `EdgeError` for one that this engine can't run."""
    if type_ not in ALL_EDGES:
        raise EdgeError(
            f"this engine can't run edges of type {type_}",
            hint=f"it runs {', '.join(sorted(ALL_EDGES))}",
        )
    kind: EdgeKind[Any] = getattr(import_module(f"{__package__}.{type_}"), ALL_EDGES[type_])()
    return kind


def config_of(edge: Edge) -> EdgeConfig:
    """An edge's configuration as its kind reads it; `EdgeError` where it breaks the kind's schema."""
    config: EdgeConfig = read_config(edge.type, edge_kind(edge.type).config, edge.config)
    return config
