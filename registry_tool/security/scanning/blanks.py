"""Text that stands so far behind blanks that nobody who looks at a file's beginning gets there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry_tool.core.patterns import compiled_once
from registry_tool.core.records import Record

_RUN = compiled_once(r"(?<![\s\u2800\u3164])[\s\u2800\u3164]{60,}+(?=.)", 16)  # re.DOTALL
_MOST_LINES: Final = 50
_MOST_COLUMNS: Final = 300
_ENTITY_RUN = compiled_once(
    r"(?:(?:&nbsp;|&#160;|&\#xa0;|<br ?/?>)\s*){60,}+(?=[^\s&<])", 2
)  # re.IGNORECASE


class FarText(Record, frozen=True):
    """Where a text goes on, and behind what."""

    at: int
    behind: str


def far_texts(text: str) -> Iterator[FarText]:
    """Each text that goes on behind 50 blank lines or 300 blanks in a line, or as many that a page shows."""
    for match in _RUN().finditer(text):
        lines = match[0].count("\n")
        columns = max(map(len, match[0].split("\n"))) if lines < _MOST_LINES else 0
        if lines >= _MOST_LINES:
            yield FarText(match.end(), f"{lines - 1} blank lines")
        elif columns >= _MOST_COLUMNS:
            yield FarText(match.end(), f"{columns} blanks in a line")
    for match in _ENTITY_RUN().finditer(text):
        yield FarText(match.end(), "many blanks that a page shows")
