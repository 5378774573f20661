"""What a text says to those who undo its base64 and hexadecimal digits, and a file its compression and UTF-16.

Nothing is expanded beyond `MOST_BYTES`, and nothing is undone more than `MOST_LEVELS` times.
"""

from __future__ import annotations

import base64
import binascii
import re
import string
import zlib
from collections.abc import Iterator
from typing import Final

from registry_tool.core.patterns import compiled_once
from registry_tool.security.compression import expanded
from registry_tool.security.layers import Layer, Span
from registry_tool.security.runs import CharacterRuns, plain_ascii

MOST_LEVELS: Final = 2
MOST_OF_A_FILE: Final = 256 * 2**20
"""Bytes that a file is decoded and expanded to; one of 10 MiB takes a third of it where all of it is base64."""

_WIDE = 10  # of so many bytes of a text in UTF-16 at least one is zero, also where most letters are Chinese

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
    for data, encoding, span in decode_runs(text):
        yield from _inside(data, encoding, span, levels, bound)


def decode_runs(text: str) -> Iterator[tuple[bytes, str, Span]]:
    """The bytes of each run of base64 or hexadecimal digits from each place where they can begin; its span."""
    plain = plain_ascii(text).encode()
    done = 0
    for start, _ in _BASE64_RUNS.spans(plain):
        if start >= done and (match := _BASE64().match(text, start)):
            done = match.end()
            for data in _base64(match[0]):
                yield data, "base64", match.span()
    for start, end in _HEX_RUNS.spans(plain):
        for first in _hexadecimal(plain[start:end].decode()):
            even = end - (end - start - first) % 2
            data = binascii.unhexlify(plain[start + first : even])
            yield data, "hexadecimal digits", (start + first, even)


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
    `TooMuchError` where it decodes and expands to more than `MOST_OF_A_FILE`.
    """
    bound = Bound(MOST_OF_A_FILE)
    if zeros := content.count(0):
        data = content.replace(b"\0", b"")
        wide = zeros * _WIDE >= len(content)  # else a picture or a program, which has no lines
        text = data.decode("utf-8", "replace") if wide else _words(data)
        yield Layer(text, "UTF-16" if wide else "zeros", _nowhere)
    for data in expanded(content):
        yield from _inside(data, "compression", (0, 0), MOST_LEVELS, bound)
    yield from decoded(content.decode("utf-8", "replace"), bound=bound)


def _nowhere(_: Span) -> Span:
    return (0, 0)
