"""Compressed files are looked into, up to a bound."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib

import pytest

from registry_tool.security.compression import expanded
from registry_tool.security.redact import secrets_of_file
from tests.security.spelled_texts import TOKEN, zipped


@pytest.mark.parametrize(
    "packed", [gzip.compress, zlib.compress, bz2.compress, lzma.compress, zipped]
)
def test_compressed_files_are_looked_into(packed: object) -> None:
    assert callable(packed)
    content = packed(b"key: " + TOKEN.encode() + b"\n")
    assert [(s.line, how) for s, how in secrets_of_file(content)] == [(0, "compression")]
    assert list(secrets_of_file(packed(b"nothing in here\n"))) == []
    assert list(secrets_of_file(content[:20])) == []


def test_a_broken_member_hides_no_other() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", b"broken")
        archive.writestr("b.txt", b"whole")
    content = bytearray(buffer.getvalue())
    sizes = content.index(b"PK\x01\x02") + 20  # of the first entry in the directory
    content[sizes : sizes + 8] = b"\xff\xff\xff\x7f" * 2
    assert b"whole" in list(expanded(bytes(content)))


def test_a_bomb_is_expanded_to_its_bound_alone() -> None:
    (data,) = expanded(gzip.compress(bytes(2**26)))
    assert len(data) == 4 * 2**20
    (data,) = expanded(zipped(bytes(2**26)))
    assert len(data) == 4 * 2**20
