"""SVG badges: two words side by side, in no font but the reader's own."""

from __future__ import annotations

from html import escape

from registry_tool.catalogue.model import Line
from registry_tool.site import links

_WIDE, _NARROW, _PAD = 13, 6.6, 12


def line_badge(line: Line) -> tuple[str, bytes]:
    """Path and bytes of a workflow's badge."""
    latest = line.latest
    text = f"{latest.number} (yanked)" if latest.yanked else latest.number
    return links.badge(line.name), badge(line.name, text, good=not latest.notice)


def badge(left: str, right: str, *, good: bool = True) -> bytes:
    """A badge such as `sentiment-analysis | 1.2.0`."""
    widths = _width(left), _width(right)
    total = sum(widths)
    colour = "#0b5fb3" if good else "#a11a1a"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="20" role="img" '
        f'aria-label="{escape(left)}: {escape(right)}"><title>{escape(left)}: {escape(right)}</title>'
        f'<rect width="{total}" height="20" rx="3" fill="#444c56"/>'
        f'<path fill="{colour}" d="M{widths[0]} 0h{widths[1] - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3'
        f'h-{widths[1] - 3}z"/>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{widths[0] // 2}" y="14">{escape(left)}</text>'
        f'<text x="{widths[0] + widths[1] // 2}" y="14">{escape(right)}</text></g></svg>\n'
    ).encode()


def _width(text: str) -> int:
    return round(sum(_WIDE if ord(char) > 0x2E7F else _NARROW for char in text)) + _PAD
