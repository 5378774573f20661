"""Models that retire, for people: a Markdown table for issues and summaries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry_tool.report.markdown import plain

Row = tuple[str, str, str, str, str, str]
"""Date, days left, model, replacement, who asks it, where."""

HEAD = ("retires", "days", "model", "replacement", "who", "where")


def retirements_markdown(rows: Sequence[Row], until: str) -> str:
    """A table, soonest first."""
    return "\n".join(_lines(rows, until)) + "\n"


def _lines(rows: Sequence[Row], until: str) -> Iterator[str]:
    yield f"## Models that retire until {until}\n"
    if not rows:
        yield "Nothing here asks a model that retires by then."
        return
    yield f"| {' | '.join(HEAD)} |"
    yield f"|{' --- |' * len(HEAD)}"
    for row in rows:
        yield f"| {' | '.join(plain(cell) for cell in row)} |"
