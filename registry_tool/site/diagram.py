"""A workflow's graph as a picture: blocks as boxes, edges as pills between them, downwards. Pure SVG text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import pairwise

from markupsafe import Markup

from registry_tool.core.once import once
from registry_tool.manifest.binding import Binding, bind
from registry_tool.manifest.graph import LOOP, Graph, graph_of
from registry_tool.manifest.model import Block, Edge, Workflow
from registry_tool.site.layout import BOX, MOST_ARCS, PILL, Arc, Layout, Point, lay_out

_IN_BOX, _IN_PILL = 20, 17  # characters that fit
_BACK = 16  # pixels between two wires that lead back


@dataclass(frozen=True)
class Diagram:
    """A workflow's graph and where its parts stand: blocks have the first numbers, edges those after."""

    workflow: Workflow

    @cached_property
    def graph(self) -> Graph:
        """Who feeds whom."""
        return graph_of(self.workflow)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """A block's number by its id."""
        return {block.id: number for number, block in enumerate(self.workflow.blocks)}

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands."""
        sizes = [BOX] * len(self.workflow.blocks) + [PILL] * len(self.workflow.edges)
        return lay_out(sizes, (arc for arc, back in self.arcs if not back))

    @cached_property
    def arcs(self) -> tuple[tuple[Arc, bool], ...]:
        """((from, to), whether it leads back to the start of a loop) of every wire."""
        found: list[tuple[Arc, bool]] = []
        for number, edge in enumerate(self.workflow.edges, len(self.workflow.blocks)):
            reads = [self.numbers[block] for block in self.graph.reads[edge.id]]
            writes = [self.numbers[name] for name in edge.targets if name in self.numbers]
            found += [((block, number), False) for block in reads]
            found += [((number, block), edge.type == LOOP) for block in writes]
        return tuple(dict.fromkeys(found))

    @cached_property
    def deciding(self) -> frozenset[Arc]:
        """The wires that bring no value: a block that decides whether an edge runs (`when`)."""
        numbered = enumerate(self.workflow.edges, len(self.workflow.blocks))
        return frozenset(
            (self.numbers[block], number)
            for number, edge in numbered
            for block in self.graph.reads[edge.id]
            if block not in self.graph.values[edge.id]
        )

    @cached_property
    def bound(self) -> Binding:
        """Which blocks inputs fill and outputs read."""
        return bind(self.workflow, self.graph)

    @cached_property
    def ports(self) -> dict[str, str]:
        """What comes in and goes out at a block: `→ text`, `sentiment →`."""
        bound = self.bound
        found: dict[str, str] = {}
        for name, block in bound.inputs.items():
            found[block] = f"{found[block]} → {name}" if block in found else f"→ {name}"
        for name, block in bound.outputs.items():
            found[block] = f"{found[block]} {name} →" if block in found else f"{name} →"
        return found


@once
def drawn_of(workflow: Workflow) -> Diagram:
    """A workflow's graph, laid out once."""
    return Diagram(workflow)


def diagram(drawn: Diagram, title: str, *, page: str = "", mark: str = "tip") -> Markup:
    """The picture, with `title` for those who can't see it; parts link to `#block-<id>`, `#edge-<id>` of a page.

    `mark` is the arrow tip's own id: two pictures of a page need two.
    """
    wires = list(_wires(drawn, mark))
    backs = sum(wire.startswith('<path class="wire back') for wire in wires)
    width, height = drawn.layout.width + _BACK * backs, drawn.layout.height
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="group" aria-label="{escape(title)}">'
        f'<defs><marker id="{mark}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>'
        f"{''.join(wires)}{''.join(_blocks(drawn, page))}{''.join(_edges(drawn, page))}</svg>"
    )
    return Markup(text)  # noqa: S704 - every stranger's string above is escaped


_PHONE = 306
"""Pixels that a picture has on a small phone."""


def width_class(width: int, column: int) -> bool | None:
    """Whether a picture is wider than the column that it has on a desk; None where it fits on a phone, too."""
    return width > column if width > _PHONE else None


def _blocks(drawn: Diagram, page: str) -> Iterator[str]:
    for number, block in enumerate(drawn.workflow.blocks):
        x, y = _corner(drawn.layout.centres[number], BOX)
        port = drawn.ports.get(block.id, "")
        kind = _kind(block)
        state = f"{' in' if '→ ' in port else ''}{' out' if port.endswith('→') else ''}"
        yield (
            f'<a class="node {escape(block.type)}{state}" href="{page}#block-{escape(block.id)}">'
            f"<title>{escape(_about(block.id, block.description))}</title>"
            f'<rect x="{x}" y="{y}" width="{BOX[0]}" height="{BOX[1]}" rx="8"/>'
            f'<text x="{x + 12}" y="{y + 19}">{escape(short(block.label or block.id, _IN_BOX))}</text>'
            f'<text class="kind" x="{x + 12}" y="{y + 35}">'
            f"{escape(short(f'{kind} · {port}' if port else kind, 25))}</text></a>"
        )


def _edges(drawn: Diagram, page: str) -> Iterator[str]:
    for number, edge in enumerate(drawn.workflow.edges, len(drawn.workflow.blocks)):
        centre = drawn.layout.centres[number]
        x, y = _corner(centre, PILL)
        passes = " passes" if edge.on_error else ""
        yield (
            f'<a class="edge {escape(edge.type)}{passes}" href="{page}#edge-{escape(edge.id)}">'
            f"<title>{escape(_about(edge.id, _label(edge)))}</title>"
            f'<rect x="{x}" y="{y}" width="{PILL[0]}" height="{PILL[1]}" rx="12"/>'
            f'<text text-anchor="middle" x="{centre[0]}" y="{y + 16}">'
            f"{escape(short(f'{edge.type} · {edge.id}', _IN_PILL))}</text></a>"
        )


def _label(edge: Edge) -> str:
    """Its type and, in the manifest's own words, when it runs and what its failure does."""
    nested = edge.config.get("edge")
    inner = nested.get("type") if isinstance(nested, dict) else None
    words = [f"{edge.type} ({inner})" if inner else edge.type]
    if edge.when:
        words.append(f"when: {', '.join(edge.when)}")
    if edge.on_error is not None:
        words.append(f"on_error: {edge.on_error.word}")
    return " · ".join(words)


def _kind(block: Block) -> str:
    return f"{block.type}[]" if block.looped else block.type


def _about(name: str, description: str) -> str:
    return f"{name}: {description}" if description else name


def short(text: str, most: int) -> str:
    """The text, cut so that it fits; Chinese letters are twice as wide."""
    width = 0
    for position, char in enumerate(text):
        width += 2 if ord(char) > 0x2E7F else 1
        if width > most:
            return f"{text[: max(position - 1, 1)]}…"
    return text


def _corner(centre: Point, size: tuple[int, int]) -> Point:
    return centre[0] - size[0] // 2, centre[1] - size[1] // 2


def _wires(drawn: Diagram, mark: str) -> Iterator[str]:
    """None where there are more than anybody could follow: the list below the picture tells them."""
    if len(drawn.arcs) > MOST_ARCS:
        return
    backs = 0
    for arc, back in drawn.arcs:
        if back or arc not in drawn.layout.bends:
            yield _back(drawn, arc, drawn.layout.width + _BACK * backs, mark)
            backs += 1
        else:
            yield _forth(drawn, arc, mark)


def _forth(drawn: Diagram, arc: Arc, mark: str) -> str:
    start, end = (drawn.layout.centres[node] for node in arc)
    half = (_height(drawn, arc[0]) // 2, _height(drawn, arc[1]) // 2 + 2)
    points = [
        (start[0], start[1] + half[0]),
        *drawn.layout.bends[arc],
        (end[0], end[1] - half[1]),
    ]
    kind = "wire when" if arc in drawn.deciding else "wire"
    return f'<path class="{kind}" marker-end="url(#{mark})" d="{bow(points)}"/>'


def bow(points: Sequence[Point]) -> str:
    """An SVG path through points, in soft curves."""
    way = "".join(_bow(one, other) for one, other in pairwise(points))
    return f"M{points[0][0]} {points[0][1]}{way}"


def _bow(one: Point, other: Point) -> str:
    if one[0] == other[0]:
        return f"V{other[1]}"
    middle = (one[1] + other[1]) // 2
    return f"C{one[0]} {middle} {other[0]} {middle} {other[0]} {other[1]}"


def _back(drawn: Diagram, arc: Arc, x: int, mark: str) -> str:
    """Round the right of everything."""
    start, end = (drawn.layout.centres[node] for node in arc)
    left = start[0] + _width(drawn, arc[0]) // 2
    right = end[0] + _width(drawn, arc[1]) // 2 + 2
    return f'<path class="wire back" marker-end="url(#{mark})" d="M{left} {start[1]}H{x}V{end[1]}H{right}"/>'


def _width(drawn: Diagram, node: int) -> int:
    return (BOX if node < len(drawn.workflow.blocks) else PILL)[0]


def _height(drawn: Diagram, node: int) -> int:
    return (BOX if node < len(drawn.workflow.blocks) else PILL)[1]
