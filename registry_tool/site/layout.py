"""Where a graph's blocks and edges stand in its picture: layers from top to bottom, few crossings. Pure.

Layers and order come from fast-sugiyama (docs/adr/0029-graph-layout.md): the same graph, the same places, on any
machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fast_sugiyama import from_edges

BOX = (168, 44)
PILL = (132, 24)
GAP_X, GAP_Y, MARGIN = 28, 26, 14
MOST_ARCS = 400
"""A graph with more is shown without its arcs: its blocks in rows."""
_WIDEST = 760  # parts that hang together stand side by side up to here
Arc = tuple[int, int]
Point = tuple[int, int]
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """`centres` of nodes by number, `bends` between an arc's ends, from its source on; all in pixels."""

    centres: Mapping[int, Point]
    bends: Mapping[Arc, tuple[Point, ...]]
    width: int
    height: int


def lay_out(sizes: Sequence[Size], arcs: Iterable[Arc]) -> Layout:
    """The places of nodes of these sizes; every arc of a graph without cycles leads down."""
    wanted = sorted({arc for arc in arcs if arc[0] != arc[1]})
    if (
        len(wanted) > MOST_ARCS
    ):  # nobody could follow them, and placing them takes the square of their number
        wanted = []
    widest = max((width for width, _ in sizes), default=0)
    parts = [_part(sizes, wanted, found) for found in _placed(wanted, max(BOX[0], widest))]
    known = {node for part in parts for node in part.centres}
    alone = [node for node in range(len(sizes)) if node not in known]
    parts += [
        Layout({node: (sizes[node][0] // 2, sizes[node][1] // 2)}, {}, *sizes[node])
        for node in alone
    ]
    return _packed(parts)


def _placed(arcs: list[Arc], widest: int) -> list[tuple[dict[int, tuple[float, float]], list[Arc]]]:
    """(places by node or bend, arcs through bends) of every part that hangs together."""
    return [_placed_part(part, widest) for part in _together(arcs)]


def _together(arcs: list[Arc]) -> list[list[Arc]]:
    """The arcs of every part that hangs together, by its first node."""
    part = {node: node for arc in arcs for node in arc}
    changed = True
    while changed:
        changed = False
        for source, target in arcs:
            first = min(part[source], part[target])
            changed |= part[source] != first or part[target] != first
            part[source] = part[target] = first
    found: dict[int, list[Arc]] = {}
    for arc in arcs:
        found.setdefault(part[arc[0]], []).append(arc)
    return [found[first] for first in sorted(found)]


def _placed_part(arcs: list[Arc], widest: int) -> tuple[dict[int, tuple[float, float]], list[Arc]]:
    """One part alone: the library numbers the bends of each from its own greatest node on."""
    used = sorted({node for arc in arcs for node in arc})
    number = {node: position for position, node in enumerate(used)}
    (found,) = from_edges(
        [(number[source], number[target]) for source, target in arcs],
        vertex_spacing=widest + GAP_X,
        dummy_vertices=True,
        dummy_size=0.2,
    )
    places, _, _, through = found

    def back(node: int | str) -> int:
        """The caller's number; bends get negative ones."""
        return used[int(node)] if int(node) < len(used) else -int(node)

    return (
        {back(node): place for node, place in places},
        [(back(source), back(target)) for source, target in through or ()],
    )


def _part(
    sizes: Sequence[Size], arcs: list[Arc], found: tuple[dict[int, tuple[float, float]], list[Arc]]
) -> Layout:
    places, through = found
    levels = sorted({y for _, y in places.values()}, reverse=True)
    tops, height = _levels(sizes, places, levels)
    left = min(x - _size(sizes, node)[0] / 2 for node, (x, _) in places.items())
    centres = {node: (round(x - left), tops[y]) for node, (x, y) in places.items()}
    width = max(x + _size(sizes, node)[0] // 2 for node, (x, _) in centres.items())
    after = defaultdict(list)
    for source, target in through:
        after[source].append(target)
    bends = {
        arc: tuple(centres[node] for node in chain)
        for arc in arcs
        if (chain := _chain(arc, after)) is not None
    }
    return Layout({n: at for n, at in centres.items() if n >= 0}, bends, width, height)


def _levels(
    sizes: Sequence[Size], places: Mapping[int, tuple[float, float]], levels: list[float]
) -> tuple[dict[float, int], int]:
    """The middle of every level by its y, and the height of all."""
    tallest: dict[float, int] = defaultdict(int)
    for node, (_, y) in places.items():
        tallest[y] = max(tallest[y], _size(sizes, node)[1])
    middles, top = {}, 0
    for y in levels:
        middles[y] = top + tallest[y] // 2
        top += tallest[y] + GAP_Y
    return middles, top - GAP_Y


def _size(sizes: Sequence[Size], node: int) -> Size:
    return sizes[node] if node >= 0 else (0, 0)


def _chain(arc: Arc, after: Mapping[int, list[int]]) -> list[int] | None:
    """The bends from an arc's source to its target; none where it was turned round to break a cycle.

    `after` gives the nodes and bends that follow each.
    """
    for first in after.get(arc[0], ()):
        chain, node = [], first
        while node < 0:
            chain.append(node)
            node = after[node][0]
        if node == arc[1]:
            return chain
    return None


def _packed(parts: Iterable[Layout]) -> Layout:
    """The parts in rows, from left to right."""
    centres: dict[int, Point] = {}
    bends: dict[Arc, tuple[Point, ...]] = {}
    x = y = MARGIN
    width = row = 0
    for part in parts:
        if x > MARGIN and x + part.width > _WIDEST:
            x, y, row = MARGIN, y + row + GAP_Y, 0
        centres |= {node: (x + at[0], y + at[1]) for node, at in part.centres.items()}
        bends |= {a: tuple((x + p[0], y + p[1]) for p in way) for a, way in part.bends.items()}
        width, row = max(width, x + part.width), max(row, part.height)
        x += part.width + GAP_X
    return Layout(centres, bends, width + MARGIN, y + row + MARGIN)
