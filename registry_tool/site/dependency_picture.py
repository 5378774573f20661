"""What a workflow requires and what requires it, as a picture: dependents above, requirements below. Pure SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from markupsafe import Markup

from registry_tool.site.diagram import bow, short
from registry_tool.site.layout import Arc, Layout, Size, lay_out

BOX: Size = (190, 30)
MOST = 24  # neighbours on one side that a picture shows; the lists beside it have all
_LETTERS = 24


def dependency_picture(
    name: str, requires: Sequence[str], dependents: Sequence[str], title: str
) -> Markup:
    """The picture, whose boxes link to the pages of workflows beside this one; empty without a neighbour."""
    below, above = list(dict.fromkeys(requires))[:MOST], list(dict.fromkeys(dependents))[:MOST]
    names = [name, *below, *(other for other in above if other not in below and other != name)]
    if len(names) == 1:
        return Markup("")
    number = {other: position for position, other in enumerate(names)}
    arcs = [(0, number[other]) for other in below if other != name]
    arcs += [(number[other], 0) for other in above if number[other] > len(below)]
    return _drawn(names, arcs, title, "../", here=0)


def registry_picture(requires: Mapping[str, Sequence[str]], title: str, workflows: str) -> Markup:
    """What workflows require, all in one picture; `workflows` is the way to their folder. Empty for none."""
    names = sorted({*requires, *(need for needs in requires.values() for need in needs)})
    number = {name: position for position, name in enumerate(names)}
    arcs = [(number[name], number[need]) for name, needs in requires.items() for need in needs]
    return _drawn(names, arcs, title, workflows) if arcs else Markup("")


def _drawn(
    names: Sequence[str], arcs: Sequence[Arc], title: str, folder: str, here: int = -1
) -> Markup:
    layout = lay_out([BOX] * len(names), arcs)
    inner = "".join(_wire(layout, arc) for arc in arcs if arc[0] != arc[1])
    inner += "".join(
        _box(layout, position, name, folder, is_here=position == here)
        for position, name in enumerate(names)
    )
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{layout.width}" height="{layout.height}" '
        f'viewBox="0 0 {layout.width} {layout.height}" role="group" aria-label="{escape(title)}">'
        '<defs><marker id="needs" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>{inner}</svg>'
    )
    return Markup(text)  # noqa: S704 - every name above is escaped


def _wire(layout: Layout, arc: Arc) -> str:
    start, end = layout.centres[arc[0]], layout.centres[arc[1]]
    points = [
        (start[0], start[1] + BOX[1] // 2),
        *layout.bends.get(arc, ()),
        (end[0], end[1] - BOX[1] // 2 - 2),
    ]
    return f'<path class="wire" marker-end="url(#needs)" d="{bow(points)}"/>'


def _box(layout: Layout, position: int, name: str, folder: str, *, is_here: bool) -> str:
    x, y = layout.centres[position]
    left, top = x - BOX[0] // 2, y - BOX[1] // 2
    here = " in" if is_here else ""
    return (
        f'<a class="node{here}" href="{folder}{escape(name)}/index.html"><title>{escape(name)}</title>'
        f'<rect x="{left}" y="{top}" width="{BOX[0]}" height="{BOX[1]}" rx="6"/>'
        f'<text text-anchor="middle" x="{x}" y="{y + 5}">{escape(short(name, _LETTERS))}</text></a>'
    )
