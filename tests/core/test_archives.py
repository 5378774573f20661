"""Archives are known by their bytes, whatever they are called."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

from registry_tool.core.archives import archive_kind


def _zip(*names: str, before: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "text")
    return before + buffer.getvalue()


def _tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (_zip("a.txt"), "zip"),
        (_zip(), "zip"),
        (_zip("a.txt", before=b"GIF89a" + bytes(40)), "zip"),
        (gzip.compress(b""), "gzip"),
        (bz2.compress(b"text"), "bzip2"),
        (lzma.compress(b"text"), "xz"),
        (_tar(), "tar"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(26), "7z"),
        (b"\x28\xb5\x2f\xfd" + bytes(20), "zstd"),
    ],
    ids=["zip", "empty-zip", "zip-behind-a-picture", "gzip", "bzip2", "xz", "tar", "7z", "zstd"],
)
def test_archives(content: bytes, kind: str) -> None:
    assert archive_kind(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"BZh is how a bzip2 file begins",
        b"PK is a pair of letters that begins some files",
        _zip("[Content_Types].xml", "word/document.xml"),
        _zip("mimetype", "content.xml"),
        b"\x89PNG\r\n\x1a\n" + bytes(300),
    ],
    ids=["nothing", "short", "bzip2-words", "zip-words", "word", "open-document", "picture"],
)
def test_other_files(content: bytes) -> None:
    assert archive_kind(content) == ""
