"""A workflow's graph as a picture: blocks in layers from left to right, edges as labelled wires. Pure SVG text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from registry_tool.manifest.graph import LOOP, Graph
from registry_tool.manifest.model import Block, Edge, Workflow

WIDTH, HEIGHT = 150, 46
GAP_X, GAP_Y = 120, 26
MARGIN = 12
_LONGEST = 19  # characters that fit into a box


@dataclass(frozen=True, slots=True)
class BlockPosition:
    """A block's upper left corner in pixels."""

    x: int
    y: int


def diagram(workflow: Workflow, title: str) -> Markup:
    """The picture, with `title` for those who can't see it."""
    locations = layout(workflow)
    width = max((p.x for p in locations.values()), default=0) + WIDTH + MARGIN
    bottom = max((p.y for p in locations.values()), default=0) + HEIGHT + MARGIN
    height = bottom + 14 * sum(edge.type == LOOP for edge in workflow.edges)
    inner = "".join((*_wires(workflow, locations, bottom), *_nodes(workflow, locations)))
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img"><title>{escape(title)}</title>'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>'
        f"{inner}</svg>"
    )
    return Markup(text)  # noqa: S704 - every stranger's string above is escaped


def layout(workflow: Workflow) -> dict[str, BlockPosition]:
    """Where every block stands: its layer is one right of the rightmost block that it is made from."""
    layers = _layers(workflow)
    columns: dict[int, list[str]] = {}
    for block in workflow.blocks:
        columns.setdefault(layers[block.id], []).append(block.id)
    tallest = max((len(column) for column in columns.values()), default=0)
    locations: dict[str, BlockPosition] = {}
    for layer, column in columns.items():
        offset = (tallest - len(column)) * (HEIGHT + GAP_Y) // 2
        for row, name in enumerate(column):
            locations[name] = BlockPosition(
                MARGIN + layer * (WIDTH + GAP_X), MARGIN + offset + row * (HEIGHT + GAP_Y)
            )
    return locations


def _layers(workflow: Workflow) -> dict[str, int]:
    graph = Graph(workflow)
    layers = dict.fromkeys(workflow.block_by_id, 0)
    for edge in graph.order:
        below = max((layers[block] for block in graph.reads[edge.id]), default=-1) + 1
        for target in edge.targets:
            if target in layers:
                layers[target] = max(layers[target], below)
    return layers


def _nodes(workflow: Workflow, locations: dict[str, BlockPosition]) -> Iterator[str]:
    for block in workflow.blocks:
        location = locations[block.id]
        x, y = location.x, location.y
        yield (
            f'<g class="node {escape(block.type)}"><title>{escape(_about(block))}</title>'
            f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="10"/>'
            f'<text x="{x + 12}" y="{y + 20}">{escape(_short(block.label or block.id))}</text>'
            f'<text class="kind" x="{x + 12}" y="{y + 36}">{escape(_kind(block))}</text></g>'
        )


def _kind(block: Block) -> str:
    return f"{block.type}, each item" if block.looped else block.type


def _about(block: Block) -> str:
    return f"{block.id}: {block.description}" if block.description else block.id


def _short(text: str) -> str:
    wide = sum(2 if ord(char) > 0x2E7F else 1 for char in text)  # Chinese letters are twice as wide
    most = _LONGEST // 2 if wide > len(text) else _LONGEST
    return text if wide <= _LONGEST else f"{text[: most - 1]}…"


def _wires(workflow: Workflow, locations: dict[str, BlockPosition], bottom: int) -> Iterator[str]:
    loops = 0
    for edge in workflow.edges:
        if edge.type == LOOP:
            loops += 1
            yield from _back(edge, locations, bottom + 14 * (loops - 1))
        else:
            yield from _forth(edge, locations)


def _ends(
    edge: Edge, locations: dict[str, BlockPosition]
) -> Iterator[tuple[BlockPosition, BlockPosition]]:
    for source in edge.sources:
        for target in edge.targets:
            if source in locations and target in locations:
                yield locations[source], locations[target]


def _forth(edge: Edge, locations: dict[str, BlockPosition]) -> Iterator[str]:
    for number, (start, end) in enumerate(_ends(edge, locations)):
        x1, y1 = start.x + WIDTH, start.y + HEIGHT // 2
        x2, y2 = end.x - 2, end.y + HEIGHT // 2
        half = max((x2 - x1) // 2, 30)
        yield (
            f'<path class="wire" marker-end="url(#tip)" d="M{x1} {y1}C{x1 + half} {y1} '
            f'{x2 - half} {y2} {x2} {y2}"><title>{escape(edge.id)}</title></path>'
        )
        if number == 0:
            yield _label((x1 + x2) // 2, (y1 + y2) // 2 - 6, edge.type)


def _back(edge: Edge, locations: dict[str, BlockPosition], y: int) -> Iterator[str]:
    for start, end in _ends(edge, locations):
        x1, x2 = start.x + WIDTH // 2, end.x + WIDTH // 2
        yield (
            f'<path class="wire back" marker-end="url(#tip)" d="M{x1} {start.y + HEIGHT}V{y}H{x2}'
            f'V{end.y + HEIGHT + 2}"><title>{escape(edge.id)}</title></path>'
        )
        yield _label((x1 + x2) // 2, y - 4, edge.type)


def _label(x: int, y: int, text: str) -> str:
    return f'<text class="wire-label" text-anchor="middle" x="{x}" y="{y}">{escape(text)}</text>'
