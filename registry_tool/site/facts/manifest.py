"""The manifest with its parts marked, and the lines where blocks and edges are defined."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from markupsafe import Markup

_TOKEN = re.compile(
    r"""(?P<c>(?:^|(?<=\s))\#.*)
    | (?P<k>(?<![\w.\-/])[\w.\-/]++|"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+')(?=\s*:(?:\s|$))
    | (?P<s>"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+')
    | (?P<v>\{\{[^{}\n]*\}\})
    | (?P<n>(?<![\w.\-])(?:-?\d+(?:\.\d+)?|true|false|null)(?![\w.\-]))""",
    re.VERBOSE,
)
_LONGEST = 2000
"""A line with more characters is a text or data, and is shown without marks."""
_SECTION = re.compile(r"^(\s*)(blocks|edges)\s*:")
_KEY = re.compile(r"^(\s*)[\w-]+\s*:")
_ID = re.compile(
    r"""(?:^\s*(?:-\s+)?|[{,]\s*)["']?id["']?\s*:\s*["']?([A-Za-z0-9_-]{1,64})(?![\w-])"""
)


def highlighted(text: str) -> Markup:
    """The lines with anchors `L1`, `L2` …, keys, strings, numbers, comments and templates marked."""
    lines = (
        f'<a id="L{number}" href="#L{number}" tabindex="-1">{number}</a>{_line(line)}'
        for number, line in enumerate(text.splitlines(), 1)
    )
    return Markup("\n".join(lines))  # noqa: S704 - every part is escaped below


@lru_cache(maxsize=4096)  # the versions of a workflow have most lines in common
def _line(line: str) -> str:
    if len(line) > _LONGEST:
        return str(escape(line))
    parts, end = [], 0
    for found in _TOKEN.finditer(line):
        parts.append(escape(line[end : found.start()]))
        parts.append(f'<span class="{found.lastgroup}">{escape(found.group())}</span>')
        end = found.end()
    return "".join(parts) + escape(line[end:])


def definitions(text: str) -> dict[tuple[str, str], int]:
    """The line of every block and edge, by `("blocks" or "edges", id)`, as far as their ids stand on one."""
    found: dict[tuple[str, str], int] = {}
    section, indent = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if opened := _SECTION.match(line):
            section, indent = opened[2], len(opened[1])
        elif (key := _KEY.match(line)) and len(key[1]) <= indent:
            section = ""
        if section:
            for name in _ID.findall(line):
                found.setdefault((section, name), number)
    return found
