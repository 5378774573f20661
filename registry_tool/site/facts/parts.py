"""Blocks and edges in words: what the picture of a graph says, for those who can't see it."""

from __future__ import annotations

from collections.abc import Mapping

from registry_tool.manifest.model import Block, Edge, Workflow
from registry_tool.site.contexts import Context
from registry_tool.site.diagram import Diagram
from registry_tool.site.facts.ports import pretty

_LONGEST = (
    4000  # characters of a constant or a configuration that a page shows; the manifest has all
)


def blocks(drawn: Diagram, lines: Mapping[tuple[str, str], int]) -> list[Context]:
    """Every block with the edges that write and read it; `lines` are those of definitions in the manifest."""
    return [_block(drawn, block, lines) for block in drawn.workflow.blocks]


def _block(drawn: Diagram, block: Block, lines: Mapping[tuple[str, str], int]) -> Context:
    graph = drawn.graph
    writers = (*graph.producers.get(block.id, ()), *graph.loops.get(block.id, ()))
    return {
        "id": block.id,
        "type": block.type,
        "label": block.label,
        "description": block.description,
        "looped": block.looped,
        "port": drawn.ports.get(block.id, ""),
        "value": pretty(block.value)[:_LONGEST] if block.has_value else "",
        "config": pretty(dict(block.config))[:_LONGEST] if block.config else "",
        "writers": [edge.id for edge in writers],
        "readers": [edge.id for edge in graph.readers.get(block.id, ())],
        "line": lines.get(("blocks", block.id), 0),
    }


def edges(drawn: Diagram, lines: Mapping[tuple[str, str], int]) -> list[Context]:
    """Every edge with what it reads, writes and is configured with."""
    return [_edge(drawn, edge, lines) for edge in drawn.workflow.edges]


def _edge(drawn: Diagram, edge: Edge, lines: Mapping[tuple[str, str], int]) -> Context:
    prompts = dict(prompts_of(edge))
    rest = {key: value for key, value in edge.config.items() if key not in prompts}
    return {
        "id": edge.id,
        "type": edge.type,
        "reads": list(drawn.graph.values[edge.id]),
        "when": [name for name in edge.when if name in drawn.numbers],
        "on_error": "" if edge.on_error is None else edge.on_error.word,
        "instead": _instead(edge),
        "writes": [name for name in edge.targets if name in drawn.numbers],
        "prompts": [text[:_LONGEST] for text in prompts.values()],
        "config": pretty(rest)[:_LONGEST] if rest else "",
        "line": lines.get(("edges", edge.id), 0),
    }


def _instead(edge: Edge) -> str:
    """The value that its targets get where it fails; empty where there is none."""
    if edge.on_error is None or not edge.on_error.has_value:
        return ""
    return pretty(edge.on_error.value)[:_LONGEST]


def prompts_of(edge: Edge) -> list[tuple[str, str]]:
    """(where, text) of what an edge tells a model, or the text that it fills in."""
    keys = ("system_prompt", "system", "prompt", "content", "query", "code")
    return [(key, text) for key in keys if isinstance(text := edge.config.get(key), str)]


def prompts(workflow: Workflow) -> dict[str, str]:
    """Every text of an edge's configuration, by `edge id.key`."""
    return {f"{edge.id}.{key}": text for edge in workflow.edges for key, text in prompts_of(edge)}
