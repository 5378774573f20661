"""What a workflow requires and what requires it, as a picture: dependents above, requirements below. Pure SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from markupsafe import Markup

from registry_tool.site.diagram import bow, short
from registry_tool.site.layout import Arc, Layout, Point, Size, lay_out

BOX: Size = (190, 30)
MOST = 4  # boxes on one side of a picture: what more there is stands in the lists beside it
_LETTERS = 24


def dependency_picture(
    name: str, requires: Sequence[str], dependents: Sequence[str], title: str
) -> Markup:
    """The picture, whose boxes link to the pages of workflows beside this one; empty without a neighbour."""
    needs = [other for other in dict.fromkeys(requires) if other != name]
    users = [other for other in dict.fromkeys(dependents) if other not in {name, *needs}]
    below, above = _first(needs), _first(users)
    names = [name, *below, *above]
    if len(names) == 1:
        return Markup("")
    arcs = [(0, 1 + position) for position in range(len(below))]
    arcs += [(1 + len(below) + position, 0) for position in range(len(above))]
    links = [
        *_links([name], ""), *_links(below, "#requires"), *_links(above, "#dependents"),
    ]  # fmt: skip
    return _drawn(names, links, arcs, title, here=0)


def _first(names: Sequence[str]) -> Sequence[str]:
    """As many as fit, and then how many more there are."""
    return names if len(names) <= MOST else [*names[: MOST - 1], f"+ {len(names) - MOST + 1:,}"]


def _links(names: Sequence[str], all_of_them: str) -> Sequence[str]:
    """Each one's page; the last box's number leads to their list."""
    return [all_of_them if name.startswith("+") else f"../{name}/index.html" for name in names]


def registry_picture(requires: Mapping[str, Sequence[str]], title: str, workflows: str) -> Markup:
    """What workflows require, all in one picture; `workflows` is the way to their folder. Empty for none."""
    names = sorted({*requires, *(need for needs in requires.values() for need in needs)})
    number = {name: position for position, name in enumerate(names)}
    arcs = [(number[name], number[need]) for name, needs in requires.items() for need in needs]
    links = [f"{workflows}{name}/index.html" for name in names]
    return _drawn(names, links, arcs, title) if arcs else Markup("")


def width_of(picture: Markup) -> int:
    """How many pixels a picture is wide."""
    return int(picture.partition('width="')[2].partition('"')[0])


def _drawn(
    names: Sequence[str], links: Sequence[str], arcs: Sequence[Arc], title: str, here: int = -1
) -> Markup:
    layout = lay_out([BOX] * len(names), arcs)
    inner = "".join(_wire(layout, arc) for arc in arcs if arc[0] != arc[1])
    inner += "".join(
        _box(layout.centres[number], name, link, is_here=number == here)
        for number, (name, link) in enumerate(zip(names, links, strict=True))
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


def _box(centre: Point, name: str, link: str, *, is_here: bool) -> str:
    x, y = centre
    left, top = x - BOX[0] // 2, y - BOX[1] // 2
    return (
        f'<a class="node{" in" if is_here else ""}" href="{escape(link)}"><title>{escape(name)}</title>'
        f'<rect x="{left}" y="{top}" width="{BOX[0]}" height="{BOX[1]}" rx="6"/>'
        f'<text text-anchor="middle" x="{x}" y="{y + 5}">{escape(short(name, _LETTERS))}</text></a>'
    )
