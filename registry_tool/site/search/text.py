"""What is searched for in a text: folded words, and pairs of neighbours where a script writes no blanks.

`site_templates/assets/search-text.js` holds the same rules for what a reader types; a test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from registry_tool.site.search.ranking import RANKING

LONGEST = RANKING.longest_word
"""Characters of a word that count."""

STOP_WORDS = RANKING.stop_words

_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_CJK += "\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_FIRST_CJK = re.compile(rf"[{_CJK}]")
_MARKS = re.compile("[\u0300-\u036f]")
_SPELLED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "ς": "σ"}
)


def fold(text: str) -> str:
    """Lower case without accents and full-width forms: what reads alike is spelled alike."""
    if text.isascii():
        return text.lower()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text).lower())
    return unicodedata.normalize("NFKC", bare).translate(_SPELLED)


def is_cjk(text: str) -> bool:
    """True where the text starts with a Han character, kana or Hangul."""
    return _FIRST_CJK.match(text) is not None


def runs(text: str) -> Iterator[str]:
    """The runs of letters and digits of a text, folded; long ones are cut, but those of Han, kana and Hangul."""
    for run in _RUN.findall(fold(text)):
        yield run if is_cjk(run) else run[:LONGEST]


def pairs(run: str) -> list[str]:
    """Every two neighbours of a run of Han, kana or Hangul; a single one where it stands alone."""
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


def words(text: str) -> Iterator[str]:
    """The terms of a text in its order: words without stop words, and of Han, kana and Hangul every two neighbours
    (a single one where it stands alone)."""
    for run in runs(text):
        if is_cjk(run):
            yield from pairs(run)
        elif run not in STOP_WORDS:
            yield run
