"""What a text says without its escapes (YAML, JSON, Python, URL, HTML) and folded lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

from registry_tool.core.patterns import compiled_once
from registry_tool.security.layers import Layer, Span

# Only what gives ASCII counts, and the line breaks that would be glued to a word as `\n`; backslashes double in
# JSON inside JSON. https://yaml.org/spec/1.2.2/#57-escaped-characters
_ESCAPE_FORM = (
    r"\\(?:\\{0,3}(?:x(?P<x>[2-7][0-9a-fA-F])|u\{0{0,4}(?P<b>[2-7][0-9a-fA-F])\}|u00(?P<u>[2-7][0-9a-fA-F])|U000000(?P<w>[2-7][0-9a-fA-F])"
    r"|(?P<o>(?:0?[4-7][0-7]|1[0-7][0-7])(?![0-9]))|(?P<n>[nrt])(?=[^\s\"\\]{12})|(?P<s>[/_*.~-]))"
    r"|(?P<fold>\r?\n[ \t]*\\?))|%(?P<p>[2-7][0-9a-fA-F])"
    r"|&\#(?:(?P<d>[0-9]{2,3})|[xX](?P<h>[2-7][0-9a-fA-F]));"
)

_ESCAPE = compiled_once(_ESCAPE_FORM)

_ANY_ESCAPE = compiled_once(f"({re.sub(r'[(][?]P<[a-z]+>', '(?:', _ESCAPE_FORM)})")

_BEGINS_ESCAPE = ("\\", "%", "&#")

_BEHIND_ESCAPE = 12 * "x"  # satisfies what an escape wants behind it

_LONGEST_ESCAPE = 16

_AROUND, _LONGEST_WORD = 400, 8_000  # characters beside an escape that may belong to its credential

_BETWEEN = ('"', "'", " ", "\n")

_HEXADECIMAL = ("x", "u", "b", "w", "p", "h")


def unescaped(text: str) -> Iterator[Layer]:
    """The text with its escapes (YAML, JSON, Python, URL, HTML) and folded lines undone, where it has some.

    A layer is a stretch with escapes and the words around it: the rest says the same without.
    """
    if not any(mark in text for mark in _BEGINS_ESCAPE):
        return
    start = end = -1
    match = _ESCAPE().search(text)
    while match:
        if start >= 0 and match.start() > end:
            yield _without_escapes(text, start, end)
            start = -1
        if start < 0:
            start = _word_start(text, match.start())
        if match.end() + _AROUND > end:
            end = _word_end(text, match.end())
        # Escapes before that place don't move the end.
        match = _ESCAPE().search(text, max(match.end(), end - _AROUND - _LONGEST_ESCAPE))
    if start >= 0:
        yield _without_escapes(text, start, end)


def _word_start(text: str, at: int) -> int:
    """Where the words before a place begin: some characters before it, and not inside a word."""
    before = text[max(0, at - _LONGEST_WORD) : max(0, at - _AROUND)]
    found = max(before.rfind(mark) for mark in _BETWEEN)
    return max(0, at - _AROUND) - (len(before) - found - 1)


def _word_end(text: str, at: int) -> int:
    after = min(len(text), at + _AROUND)
    found = [text.find(mark, after, at + _LONGEST_WORD) for mark in _BETWEEN]
    return min(
        (location for location in found if location >= 0),
        default=min(len(text), at + _LONGEST_WORD),
    )


def _without_escapes(text: str, start: int, end: int) -> Layer:
    part = text[start:end]
    locations = cache(lambda: _Places(part))  # most texts are never asked for one

    def origin(span: Span) -> Span:
        first, last = locations().origin(span)
        return start + first, start + last

    pieces, texts = _ANY_ESCAPE().split(part), _EscapeTexts()
    pieces[1::2] = [texts[escape] for escape in pieces[1::2]]
    return Layer("".join(pieces), "an escape", origin)


class _EscapeTexts(dict[str, str]):
    """What each escape says; a text has many of few kinds."""

    def __missing__(self, escape: str) -> str:
        match = _ESCAPE().match(escape + _BEHIND_ESCAPE)
        self[escape] = text = text_of_escape(match) if match else escape
        return text


class _Places:
    """Where the characters of an unescaped text stand in the text itself."""

    def __init__(self, text: str) -> None:
        self._inner, self._outer, self._sizes = (
            [0],
            [0],
            [0],
        )  # of a piece that was replaced; 0: as it was
        shorter = 0
        for match in _ESCAPE().finditer(text):
            start, end = match.span()
            if size := len(text_of_escape(match)):
                self._add(start - shorter, start, end - start)
            shorter += end - start - size
            self._add(end - shorter, end, 0)

    def _add(self, inner: int, outer: int, size: int) -> None:
        self._inner.append(inner)
        self._outer.append(outer)
        self._sizes.append(size)

    def _at(self, position: int) -> Span:
        piece = bisect_right(self._inner, position) - 1
        start, size = self._outer[piece], self._sizes[piece]
        start += 0 if size else position - self._inner[piece]
        return start, start + (size or 1)

    def origin(self, span: Span) -> Span:
        """The span in the text itself, with its escapes."""
        return self._at(span[0])[0], self._at(span[1] - 1)[1]


def text_of_escape(match: re.Match[str]) -> str:
    kind, digits = match.lastgroup or "", match[match.lastgroup or 0]
    if kind == "fold":
        return ""
    if kind == "n":
        return "\n"
    if (
        kind == "s"
    ):  # of JSON, and of Markdown: https://spec.commonmark.org/0.31.2/#backslash-escapes
        return digits
    base = 16 if kind in _HEXADECIMAL else 8 if kind == "o" else 10
    code = int(digits, base)
    return chr(code) if 0x20 <= code < 0x7F else " "
