"""The parts of a text that no page shows and no reader of one sees: comments, attributes, invisible elements."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Final

from registry_tool.security.layers import Span

_Pattern = re.Pattern[str]
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z]([^<>]*)>")  # attributes, such as `alt` and `title`
_DEFINITION = (
    re.compile(  # https://spec.commonmark.org/0.31.2/#link-reference-definitions; `[//]: # (…)`
        r"^[ >]{0,12}\[[^\]\n^][^\]\n]{0,998}\]:([ \t]*\n?[ \t]*[^\s]*(?:[ \t]*\n?[ \t]*"
        r"(?:\"[^\"]{0,2000}|'[^']{0,2000}|\([^)]{0,2000}))?)",
        re.MULTILINE,
    )
)
_ELEMENT = re.compile(r"<[a-zA-Z]([^<>]*+)>([^<]*)")
_INVISIBLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0[;\"' ]|\shidden\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"<(?:desc|title|metadata)\b[^<>]*>([^<]*)", re.IGNORECASE)  # of a drawing
_RST_COMMENT = re.compile(r"^\.\.[ \t\n]((?:[^\n]*\n[ \t])*[^\n]*)", re.MULTILINE)
_HASH = re.compile(r"(?:^|[ \t])#([^\n]*)", re.MULTILINE)
_SLASHES = re.compile(r"(?:^|[ \t;{}])//([^\n]*)", re.MULTILINE)
_STARS = re.compile(r"/\*(.*?)(?:\*/|\Z)", re.DOTALL)
_DASHES = re.compile(r"(?:^|[ \t])--([^\n]*)", re.MULTILINE)

_MARKUP: Final = (_COMMENT, _TAG, _DEFINITION)
_BRACES: Final = (_SLASHES, _STARS)
_BY_ENDING: Final[Mapping[str, tuple[_Pattern, ...]]] = {
    **dict.fromkeys((".md", ".html", ".htm"), _MARKUP),
    **dict.fromkeys((".svg", ".xml"), (*_MARKUP, _ABOUT)),
    **dict.fromkeys((".yaml", ".yml", ".toml", ".ini", ".py", ".sh", ".rb", ".r"), (_HASH,)),
    **dict.fromkeys((".js", ".ts", ".css", ".java", ".go", ".c", ".json5"), _BRACES),
    ".rst": (_RST_COMMENT,),
    ".txt": (_COMMENT,),
    ".sql": (_DASHES, _STARS),
    ".json": (),
    ".csv": (),
}
_FAR: Final = 2_000  # columns: no editor is that wide


def _invisible(text: str) -> Iterator[Span]:
    """What stands in elements that a page doesn't show."""
    for match in _ELEMENT.finditer(text):
        if _INVISIBLE.search(match[1]):
            yield match.span(2)


class Unseen:
    """What of a file's text is not seen, by the file's ending."""

    def __init__(self, path: str, text: str) -> None:
        ending = path[path.rfind(".") :].lower() if "." in path else ""
        patterns = _BY_ENDING.get(ending, (_COMMENT, _TAG, _DEFINITION))
        self._text = text
        found = (m.span(1) for pattern in patterns for m in pattern.finditer(text))
        self._spans = sorted((*found, *(_invisible(text) if _TAG in patterns else ())))
        self._ends = list(accumulate((end for _, end in self._spans), max))

    def why(self, span: Span) -> str:
        """Where a phrase stands, if nobody sees it; else nothing."""
        start = span[0]
        before = bisect_right(self._spans, (start, len(self._text)))
        if before and start < self._ends[before - 1]:
            return "a comment, which no page shows,"
        if start > _FAR and self._text.rfind("\n", start - _FAR, start) < 0:
            return "a text far to the right, out of sight,"
        return ""
