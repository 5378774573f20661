"""Pictures, part by part: where one ends, and what texts it carries that nobody sees.

Sources: PNG (https://www.w3.org/TR/png-3/), JPEG (ITU T.81, annex B), GIF 89a, WebP (RFC 9649).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Final

from registry_tool.core.records import Record

_MOST_UNPACKED: Final = 2**20
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_TEXTS: Final = {b"tEXt", b"iTXt", b"zTXt", b"eXIf"}
_GIF_HEAD, _GIF_FRAME = 13, 10
_JPEG_TEXTS: Final = {0xFE, *range(0xE1, 0xF0)}
_JPEG_ALONE: Final = {0x01, *range(0xD0, 0xD8)}
_SCAN, _END = 0xDA, 0xD9


class Picture(Record, frozen=True):
    """A picture: its kind, how many bytes belong to it (0: it is broken), and the texts beside its pixels."""

    kind: str
    end: int
    texts: tuple[bytes, ...] = ()


class _BrokenError(Exception):
    """A part is cut short."""


def read_picture(content: bytes) -> Picture | None:
    """The picture that begins a file; None where none does."""
    for magic, kind, read in _KINDS:
        if content.startswith(magic) and (kind != "WebP" or content[8:12] == b"WEBP"):
            texts: list[bytes] = []
            try:
                return Picture(kind, read(content, texts), tuple(texts))
            except _BrokenError:
                return Picture(kind, 0, tuple(texts))
    return None


def _part(content: bytes, at: int, size: int) -> bytes:
    part = content[at : at + size]
    if len(part) < size:
        raise _BrokenError
    return part


def _png(content: bytes, texts: list[bytes]) -> int:
    at, kind = len(_PNG), b""
    while kind != b"IEND":
        size = int.from_bytes(_part(content, at, 4), "big")
        kind = _part(content, at + 4, 4)
        data = _part(content, at + 8, size)
        if kind in _PNG_TEXTS:
            texts.extend((data, *_unpacked(data)))
        _part(content, at + 8 + size, 4)  # its checksum
        at += size + 12
    return at


def _unpacked(data: bytes) -> Iterator[bytes]:
    """Compressed text begins behind the keyword and one or more zeros."""
    rest = data[data.find(b"\0") :].lstrip(b"\0\1")
    try:
        yield zlib.decompressobj().decompress(rest, _MOST_UNPACKED)
    except zlib.error:
        return


def _jpeg(content: bytes, texts: list[bytes]) -> int:
    at = 2
    while True:
        mark = _part(content, at, 2)
        if mark[0] != 0xFF:
            raise _BrokenError
        if mark[1] == _END:
            return at + 2
        if mark[1] in _JPEG_ALONE or mark[1] == 0xFF:
            at += 1 if mark[1] == 0xFF else 2
            continue
        size = int.from_bytes(_part(content, at + 2, 2), "big")
        if mark[1] in _JPEG_TEXTS:
            texts.append(content[at + 4 : at + 2 + size])
        at += 2 + size
        if mark[1] == _SCAN:
            at = _behind_scan(content, at)


def _behind_scan(content: bytes, at: int) -> int:
    """The next marker: pixels spell FF as FF 00, and restarts may stand between them."""
    while (at := content.find(b"\xff", at)) >= 0:
        following = content[at + 1 : at + 2]
        if following != b"\0" and not b"\xd0" <= following <= b"\xd7":
            return at
        at += 2
    raise _BrokenError


def _table(flags: int) -> int:
    """Bytes of a table of colours."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif(content: bytes, texts: list[bytes]) -> int:
    at = _GIF_HEAD + _table(_part(content, 10, 1)[0])
    while True:
        kind = _part(content, at, 1)
        if kind == b";":
            return at + 1
        if kind == b",":
            at += _GIF_FRAME + _table(_part(content, at + 9, 1)[0]) + 1
        elif kind == b"!":
            label, at = _part(content, at + 1, 1), at + 2
        else:
            raise _BrokenError
        at, data = _blocks(content, at)
        if kind == b"!" and label in {b"\xfe", b"\xff", b"\x01"}:
            texts.append(data)


def _blocks(content: bytes, at: int) -> tuple[int, bytes]:
    parts = []
    while size := _part(content, at, 1)[0]:
        parts.append(_part(content, at + 1, size))
        at += size + 1
    return at + 1, b"".join(parts)


def _webp(content: bytes, texts: list[bytes]) -> int:
    end = 8 + int.from_bytes(_part(content, 4, 4), "little")
    _part(content, 0, end)
    at = 12
    while at + 8 <= end:
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        if content[at : at + 4] in {b"EXIF", b"XMP "}:
            texts.append(content[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return end


_KINDS: Final[tuple[tuple[bytes, str, Callable[[bytes, list[bytes]], int]], ...]] = (
    (_PNG, "PNG", _png),
    (b"\xff\xd8\xff", "JPEG", _jpeg),
    (b"GIF87a", "GIF", _gif),
    (b"GIF89a", "GIF", _gif),
    (b"RIFF", "WebP", _webp),
)
