"""A text with its letters put back: ROT13, back to front, spaced, with marks on them, with digits for them."""

from __future__ import annotations

import codecs
import re
import string
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from registry_tool.core.patterns import compiled_once
from registry_tool.core.records import Record
from registry_tool.security.layers import Span

ROT13, BACKWARDS, SPACED = "ROT13", "reversed letters", "spaced letters"
MARKED, DIGITS = "letters with marks", "digits for letters"
SCRAMBLES: Final = frozenset({ROT13, BACKWARDS, SPACED, MARKED, DIGITS})
_TURN: Final = bytes.maketrans(
    string.ascii_letters.encode(), codecs.encode(string.ascii_letters, "rot13").encode()
)
_LETTERS: Final = 6  # of a phrase that have to be moved
_SHAPES: Final = bytes.maketrans(b"013457@$!", b"oieastasi")
_MARKS = compiled_once("[\u0300-\u036f\u0483-\u0489\u20d0-\u20f0]")
_LEAST_SHAPES: Final = 3
_LONE_LETTERS = compiled_once(r"(?<!\S)(?:\w[ \t]{1,3}){5,}+(?:\w(?!\w))?")
_BETWEEN_WORDS = re.compile(r"[ \t]{2,}")
_BEHIND: Final = 160  # characters that a phrase may go on with


class Scramble(Record, frozen=True):
    """A text put right, how it was scrambled, and where a part of it stands (None: it isn't scrambled)."""

    text: str
    how: str
    origin: Callable[[Span], int | None]


def scrambles(text: str) -> Iterator[Scramble]:
    """The text put right in each way that it may be scrambled."""
    turned = text.encode("utf-8", "replace").translate(_TURN).decode()
    yield Scramble(turned, ROT13, partial(_turned_at, text))
    yield Scramble(text[::-1], BACKWARDS, lambda span: len(text) - span[1])
    shaped = text.encode("utf-8", "replace").translate(_SHAPES).decode()
    if shaped != text:
        yield Scramble(shaped, DIGITS, partial(_shaped_at, text, shaped))
    if _MARKS().search(text):
        yield _without_marks(text)
    for match in _LONE_LETTERS().finditer(text):
        words = _BETWEEN_WORDS.split(match[0].strip())
        joined = " ".join("".join(word.split()) for word in words)
        rest = text[match.end() : match.end() + _BEHIND]
        yield Scramble(f"{joined} {rest}", SPACED, partial(_spaced_at, match.start(), len(joined)))


def _turned_at(text: str, span: Span) -> int | None:
    """ROT13 moves ASCII's letters, and leaves what else there is in the open."""
    letters = sum(letter.isascii() and letter.isalpha() for letter in text[slice(*span)])
    return span[0] if letters >= _LETTERS else None


def _shaped_at(text: str, shaped: str, span: Span) -> int | None:
    changed = sum(text[at] != shaped[at] for at in range(*span))
    return span[0] if changed >= _LEAST_SHAPES else None


def _without_marks(text: str) -> Scramble:
    marks = [match.start() for match in _MARKS().finditer(text)]
    before = [at - number for number, at in enumerate(marks)]  # where each stood in what is left

    def origin(span: Span) -> int | None:
        first, last = bisect_right(before, span[0]), bisect_left(before, span[1])
        return span[0] + first if last - first >= _LETTERS else None

    return Scramble(_MARKS().sub("", text), MARKED, origin)


def _spaced_at(start: int, size: int, span: Span) -> int | None:
    return start if span[0] < size else None
