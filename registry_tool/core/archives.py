"""Archives by their first bytes: files in which others hide from whoever reads a version."""

from __future__ import annotations

import io
import zipfile
from typing import Final

_MAGIC: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
)
_SHORTEST: Final = 18  # bytes: an empty gzip file
_TAR_AT: Final = 257
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_TAIL: Final = 22 + 2**16  # the end record and the longest comment: APPNOTE.TXT 4.3.16
_DOCUMENT: Final = frozenset({"[Content_Types].xml", "mimetype"})


def archive_kind(content: bytes) -> str:
    """The kind of archive; empty for other files, and for office documents, which are zip files."""
    if len(content) < _SHORTEST:
        return ""
    if content[:3] == b"BZh" and content[4:10] == b"1AY&SY":
        return "bzip2"
    kind = next((name for magic, name in _MAGIC if content.startswith(magic)), "")
    if content[_TAR_AT : _TAR_AT + 5] == b"ustar":
        return "tar"
    if kind and kind != "zip":
        return kind
    return "zip" if _ZIP_END in content[-_ZIP_TAIL:] and not _is_document(content) else ""


def _is_document(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError):
        return False
    return not _DOCUMENT.isdisjoint(names)
