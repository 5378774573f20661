"""Text as recognisers of personal data read it: full-width forms, odd digits, blanks and dashes made plain.

Each character stands for one of the original, so that places stay; what is invisible goes, and `gone` says where
it stood.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from registry_tool.core.records import Record

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d")


class PlainText(Record, frozen=True):
    """The text, and for each character that is gone the place in the text before which it stood, in order."""

    text: str
    gone: tuple[int, ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a span stood, `end` exclusive."""
        if not self.gone:
            return start, end
        last = end - 1
        return start + bisect_right(self.gone, start), end + bisect_right(self.gone, last)


class _Table(dict[int, int]):
    """One character for one; asked for the characters that a text has."""

    def __missing__(self, code: int) -> int:
        self[code] = plain = _plain(code)
        return plain


def _plain(code: int) -> int:
    char = chr(code)
    category = unicodedata.category(char)
    if category == "Nd":
        return ord(str(unicodedata.digit(char)))
    if category == "Zs":
        return ord(" ")
    if char in _DASHES:
        return ord("-")
    if 0xFF01 <= code <= 0xFF5E or 0xFE50 <= code <= 0xFE6B:
        form = unicodedata.normalize("NFKC", char)
        return ord(form) if len(form) == 1 else code
    return code


_TABLE = _Table()


def plain_text(text: str) -> PlainText:
    """The text in plain characters; most texts are as they are."""
    if text.isascii():
        return PlainText(text)
    if _INVISIBLE.search(text) is None:
        return PlainText(text.translate(_TABLE))
    gone = tuple(match.start() - before for before, match in enumerate(_INVISIBLE.finditer(text)))
    return PlainText(_INVISIBLE.sub("", text).translate(_TABLE), gone)
