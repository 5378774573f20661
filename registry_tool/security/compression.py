"""What compressed content and archives hold, up to `MOST_BYTES`."""

from __future__ import annotations

import bz2
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Final

MOST_BYTES: Final = 4 * 2**20
"""The most bytes that one compressed piece is expanded to."""

_BROKEN: Final = (
    *(zlib.error, OSError, EOFError, lzma.LZMAError, zipfile.BadZipFile),
    *(ValueError, NotImplementedError),  # a size below zero; a method or version that nobody knows
)
_MOST_MEMBERS = 50  # of an archive


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
    except _BROKEN:
        return  # it only begins like one


def _members(content: bytes) -> Iterator[bytes]:
    left = MOST_BYTES
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in islice(archive.infolist(), _MOST_MEMBERS):
            if member.flag_bits & 1 or left <= 0:
                continue  # encrypted, or the bound is reached
            try:
                with archive.open(member) as file:
                    data = file.read(left)
            except _BROKEN:
                continue  # the next one may be whole
            left -= len(data)
            yield data
