"""What a text says to those who undo its encodings: escapes, base64, hexadecimal, compression, UTF-16.

Nothing is expanded beyond `MOST_BYTES`, and nothing is undone more than `MOST_LEVELS` times.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import io
import lzma
import re
import string
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

from registry_tool.core.patterns import compiled_once
from registry_tool.security.runs import CharacterRuns, plain_ascii

MOST_BYTES: Final = 4 * 2**20
"""The most bytes that one compressed piece is expanded to."""
MOST_LEVELS: Final = 2
_WIDE = 10  # of so many bytes of a text in UTF-16 at least one is zero, also where most letters are Chinese
_MOST_MEMBERS = 50  # of an archive

Span = tuple[int, int]
"""Start and end (exclusive) in a text, from 0."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A decoded text: by which `encoding`, and where each part of it stands in the text that it comes from."""

    text: str
    encoding: str
    origin: Callable[[Span], Span]


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

    pieces, said = _ANY_ESCAPE().split(part), _Said()
    pieces[1::2] = [said[escape] for escape in pieces[1::2]]
    return Layer("".join(pieces), "an escape", origin)


class _Said(dict[str, str]):
    """What each escape says; a text has many of few kinds."""

    def __missing__(self, escape: str) -> str:
        match = _ESCAPE().match(escape + _BEHIND_ESCAPE)
        self[escape] = said = _said(match) if match else escape
        return said


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
            if said := len(_said(match)):
                self._add(start - shorter, start, end - start)
            shorter += end - start - said
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


def _said(match: re.Match[str]) -> str:
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


_BASE64 = compiled_once(  # on one line, or broken into lines as MIME and PEM do
    r"(?:[A-Za-z0-9+/_-]{40,}(?:[ \t]*(?:\\n|\r?\n)[ \t]*[A-Za-z0-9+/_-]{4,})*|[A-Za-z0-9+/_-]{20,})={0,2}"
)
_BASE64_DIGITS = string.ascii_letters + string.digits + "+/-_"
_BASE64_RUNS = CharacterRuns(_BASE64_DIGITS.encode(), 20)
_SHORTEST_64 = 20
_HEX_RUNS = CharacterRuns(string.hexdigits.encode(), 32)
_WORDS = CharacterRuns(bytes([*b"\t\n\r", *range(0x20, 0x7F)]), 12)
_BREAKS = re.compile(r"[ \t\r\n=]|\\n")
_URL_SAFE = str.maketrans("-_", "+/")


class TooMuchError(Exception):
    """A text decodes and expands to more than whoever asked wants to look at."""


class Bound:
    """How much is decoded and expanded of a text, in bytes; without `most`, all of it."""

    def __init__(self, most: int | None = None) -> None:
        self._left = most

    def spend(self, size: int) -> None:
        """Count what was decoded; `TooMuchError` where that was more than there may be."""
        if self._left is not None:
            self._left -= size
            if self._left < 0:
                raise TooMuchError


_UNBOUNDED = Bound()


def decoded(text: str, levels: int = MOST_LEVELS, bound: Bound | None = None) -> Iterator[Layer]:
    """What base64 and hexadecimal runs of a text say, each with what is compressed or encoded in it again."""
    bound = bound or _UNBOUNDED
    plain = plain_ascii(text).encode()
    done = 0
    for start, _ in _BASE64_RUNS.spans(plain):
        if start >= done and (match := _BASE64().match(text, start)):
            done = match.end()
            for data in _base64(match[0]):
                yield from _inside(data, "base64", match.span(), levels, bound)
    for start, end in _HEX_RUNS.spans(plain):
        for first in _hexadecimal(plain[start:end].decode()):
            even = end - (end - start - first) % 2
            data = binascii.unhexlify(plain[start + first : even])
            yield from _inside(data, "hexadecimal digits", (start + first, even), levels, bound)


# How compressed content begins in base64 (gzip, xz, zip, bzip2, zlib), and in hexadecimal digits.
_PACKED_64 = compiled_once(
    r"H4sI|/Td6WFoA|UEsDB|Qlpo[MNO]|e(?:J[wxyz]|N[opqr]|A[EFGH]|F[4567])[A-Za-z0-9+/]"
)
_PACKED_16 = compiled_once(
    r"1f8b08|fd377a585a00|504b0304|425a683[1-9]|78(?:9c|da|01|5e)", re.IGNORECASE
)
_ENOUGH = 64  # bytes that tell whether something is compressed, or only begins like that


def _base64(run: str) -> Iterator[bytes]:
    """A run's bytes from each of its first four characters, each line alone, and what is packed in it."""
    lines = [line for line in _BREAKS.split(run.translate(_URL_SAFE)) if line]
    joined = "".join(lines)
    for whole in dict.fromkeys((joined, *(line for line in lines if len(line) >= _SHORTEST_64))):
        for skip in range(4):
            yield from _bytes_64(whole[skip:])
    for match in _PACKED_64().finditer(joined, 1):  # behind what happens to be of the same alphabet
        start = match.start()
        if any(map(_is_packed, _bytes_64(joined[start : start + 2 * _ENOUGH]))):
            yield from _bytes_64(joined[start:])


def _bytes_64(part: str) -> Iterator[bytes]:
    part = part[: len(part) - (len(part) % 4 == 1)]
    try:
        yield base64.b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        return


def _is_packed(beginning: bytes) -> bool:
    """Whether compressed content may go on like this."""
    if beginning.startswith(b"x"):  # what begins with two bytes only is often none
        try:
            zlib.decompressobj().decompress(beginning, _ENOUGH)
        except zlib.error:
            return False
    return True


def _hexadecimal(digits: str) -> Iterator[int]:
    """Where a run's bytes begin: at either of its first two digits, and where something packed begins."""
    yield from (0, 1)
    for match in _PACKED_16().finditer(digits, 2):
        part = digits[match.start() : match.start() + 2 * _ENOUGH]
        if _is_packed(binascii.unhexlify(part[: len(part) - len(part) % 2])):
            yield match.start()


def _inside(
    data: bytes, encoding: str, span: Span, levels: int, bound: Bound = _UNBOUNDED
) -> Iterator[Layer]:
    """What words a decoded piece holds, and what is encoded in those again."""
    bound.spend(len(data))
    text = _words(data.replace(b"\0", b""))
    if text:
        yield Layer(text, encoding, lambda _: span)
    if levels > 1:
        for more in expanded(data):
            yield from _inside(more, f"compression in {encoding}", span, levels - 1, bound)
        for layer in decoded(text, levels - 1, bound):
            yield Layer(layer.text, f"{layer.encoding} in {encoding}", lambda _: span)


def _words(data: bytes) -> str:
    """The runs of ASCII that are long enough for a credential; a picture has next to none."""
    return "\n\n".join(data[start:end].decode() for start, end in _WORDS.spans(data))


def file_layers(content: bytes) -> Iterator[Layer]:
    """A file's decoded layers: without the zeros of UTF-16 and UTF-32, expanded, from base64 and hexadecimal.

    Spans are those of `content.decode("utf-8", "replace")`, and (0, 0) for what no editor shows.
    """
    if zeros := content.count(0):
        data = content.replace(b"\0", b"")
        wide = zeros * _WIDE >= len(content)  # else a picture or a program, which has no lines
        text = data.decode("utf-8", "replace") if wide else _words(data)
        yield Layer(text, "UTF-16" if wide else "zeros", _nowhere)
    for data in expanded(content):
        yield from _inside(data, "compression", (0, 0), MOST_LEVELS)
    yield from decoded(content.decode("utf-8", "replace"))


def _nowhere(_: Span) -> Span:
    return (0, 0)


def expanded(content: bytes) -> Iterator[bytes]:
    """The first `MOST_BYTES` of what compressed content holds (gzip, zlib, bzip2, xz; an archive's members)."""
    try:
        if content.startswith(b"PK\x03\x04"):
            yield from _members(content)
        elif content.startswith((b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")):
            yield zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(content, MOST_BYTES)
        elif content.startswith(b"BZh"):
            yield bz2.BZ2Decompressor().decompress(content, MOST_BYTES)
        elif content.startswith(b"\xfd7zXZ\0"):
            yield lzma.LZMADecompressor(memlimit=2**26).decompress(content, MOST_BYTES)
    except (zlib.error, OSError, EOFError, lzma.LZMAError, zipfile.BadZipFile):
        return  # it only begins like one


def _members(content: bytes) -> Iterator[bytes]:
    left = MOST_BYTES
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in islice(archive.infolist(), _MOST_MEMBERS):
            if member.flag_bits & 1 or left <= 0:
                continue  # encrypted, or the bound is reached
            with archive.open(member) as file:
                data = file.read(left)
            left -= len(data)
            yield data
