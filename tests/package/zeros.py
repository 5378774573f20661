"""A zip entry of very many zeros, packed as one block over and over: deflating a GiB takes seconds."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

BLOCK = 2**20


def with_zeros(small: bytes, count: int) -> bytes:
    """The archive with one more entry, `zeros`: `count` MiB of them, deflated, under their true size and CRC."""
    buffer = BytesIO(small)
    packed = _block() * count + b"\x03\x00"  # an empty last block: RFC 1951, 3.2.3 and 3.2.6
    entry = zipfile.ZipInfo("zeros")
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr(entry, packed)
        entry.compress_type, entry.CRC = zipfile.ZIP_DEFLATED, _checksum(count)
        entry.file_size = count * BLOCK  # what the directory at the end will say
    data = bytearray(buffer.getvalue())
    # What its own header says: APPNOTE.TXT 4.3.7
    struct.pack_into("<H", data, entry.header_offset + 8, entry.compress_type)
    struct.pack_into("<L", data, entry.header_offset + 14, entry.CRC)
    struct.pack_into("<L", data, entry.header_offset + 22, entry.file_size)
    return bytes(data)


def _block() -> bytes:
    """A MiB of zeros whose packed form needs nothing before it and ends at a byte."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(bytes(BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)


def _checksum(count: int) -> int:
    found, block = 0, bytes(BLOCK)
    for _ in range(count):
        found = zlib.crc32(block, found)
    return found
