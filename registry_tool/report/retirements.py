"""Models that retire, for people: a Markdown table for issues and summaries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry_tool.report.markdown import plain

Row = tuple[str, str, str, str, str, str]
"""Date, days left, model, replacement, who asks it, where."""

HEAD = ("retires", "days", "model", "replacement", "who", "where")


NOTHING = "Nothing here asks a model that retires by then."
URGENT, REST = "Serves, or is the newest version", "Older versions that serve nowhere"


def retirements_markdown(urgent: Sequence[Row], rest: Sequence[Row], until: str) -> str:
    """A table of what somebody must act on and one of the rest, soonest first."""
    return "\n".join(_lines(urgent, rest, until)) + "\n"


def _lines(urgent: Sequence[Row], rest: Sequence[Row], until: str) -> Iterator[str]:
    yield f"## Models that retire until {until}"
    if not urgent and not rest:
        yield f"\n{NOTHING}"
    for head, rows in ((URGENT, urgent), (REST, rest)):
        if rows:
            yield f"\n### {head}\n"
            yield from _table(rows)


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield f"| {' | '.join(HEAD)} |"
    yield f"|{' --- |' * len(HEAD)}"
    for row in rows:
        yield f"| {' | '.join(plain(cell) for cell in row)} |"
