"""Downloads week by week as bars. Pure SVG; the table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

SHOWN = 26
"""Weeks that a chart shows."""
_HEIGHT, _BAR, _GAP = 72, 9, 2
Week = tuple[str, int, int]
"""(Monday, downloads in that week, total)."""


def download_chart(weeks: Sequence[Week], label: str) -> Markup:
    """Bars of the last `SHOWN` weeks, from left to right; empty where there are none. `label` names it."""
    shown = weeks[-SHOWN:]
    if not shown:
        return Markup("")
    most = max(1, *(count for _, count, _ in shown))
    width = len(shown) * (_BAR + _GAP) - _GAP
    bars = "".join(_bar(place, week, most) for place, week in enumerate(shown))
    return Markup(  # noqa: S704 - escaped
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" width="{width}" height="{_HEIGHT}" '
        f'viewBox="0 0 {width} {_HEIGHT}" role="img" aria-label="{escape(label)}">{bars}</svg>'
    )


def _bar(place: int, week: Week, most: int) -> str:
    monday, count, _ = week
    height = max(1, round(count * _HEIGHT / most))  # a quiet week is seen, too
    x, y = place * (_BAR + _GAP), _HEIGHT - height
    title = f"<title>{monday}: {count}</title>"
    return f'<rect x="{x}" y="{y}" width="{_BAR}" height="{height}">{title}</rect>'
