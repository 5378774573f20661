"""Every edge kind, registered by hand."""

from __future__ import annotations

from typing import Any

from registry_tool.engine.edges.base import EdgeError, EdgeKind
from registry_tool.engine.edges.branch import BranchEdge
from registry_tool.engine.edges.chunk import ChunkEdge
from registry_tool.engine.edges.code import CodeEdge
from registry_tool.engine.edges.config import EdgeConfig, read_config
from registry_tool.engine.edges.deep_research import DeepResearchEdge
from registry_tool.engine.edges.generate import GenerateEdge
from registry_tool.engine.edges.http import HttpEdge
from registry_tool.engine.edges.llm import LlmEdge
from registry_tool.engine.edges.load import LoadEdge
from registry_tool.engine.edges.loop import LoopEdge
from registry_tool.engine.edges.map import MapEdge
from registry_tool.engine.edges.modify import ModifyEdge
from registry_tool.engine.edges.query_rewrite import QueryRewriteEdge
from registry_tool.engine.edges.rerank import RerankEdge
from registry_tool.engine.edges.retrieve import RetrieveEdge
from registry_tool.engine.edges.save import SaveEdge
from registry_tool.engine.edges.search import SearchEdge
from registry_tool.engine.edges.workflow import WorkflowEdge
from registry_tool.manifest.model import Edge

ALL_EDGES: tuple[EdgeKind[Any], ...] = (
    BranchEdge(),
    ChunkEdge(),
    CodeEdge(),
    DeepResearchEdge(),
    GenerateEdge(),
    HttpEdge(),
    LlmEdge(),
    LoadEdge(),
    LoopEdge(),
    MapEdge(),
    ModifyEdge(),
    QueryRewriteEdge(),
    RerankEdge(),
    RetrieveEdge(),
    SaveEdge(),
    SearchEdge(),
    WorkflowEdge(),
)

_BY_TYPE = {kind.type: kind for kind in ALL_EDGES}


def edge_kind(type_: str) -> EdgeKind[Any]:
    """The kind of an edge type; `EdgeError` for one that this engine can't run."""
    if type_ not in _BY_TYPE:
        raise EdgeError(
            f"this engine can't run edges of type {type_}",
            hint=f"it runs {', '.join(sorted(_BY_TYPE))}",
        )
    return _BY_TYPE[type_]


def config_of(edge: Edge) -> EdgeConfig:
    """An edge's configuration as its kind reads it; `EdgeError` where it breaks the kind's schema."""
    config: EdgeConfig = read_config(edge.type, edge_kind(edge.type).config, edge.config)
    return config
