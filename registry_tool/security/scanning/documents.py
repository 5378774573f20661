"""Documents (PDF, Office, RTF): what kind one is, what in it runs, and the texts that a plain reader finds.

It is no viewer: fonts with codes of their own, encryption and pictures of words are not read. Who needs to know
what a document says opens it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Final

from registry_tool.security.compression import MOST_BYTES, expanded

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF_WITHIN: Final = 1024  # bytes before `%PDF`: ISO 32000-1, annex H
_ACTIVE: Final = (
    *((b"vbaProject.bin", "macros"), (b"/JavaScript", "JavaScript")),
    *((b"/Launch", "a command"), (b"/EmbeddedFile", "a file"), (b"oleObject", "an object")),
    *((b"attachedTemplate", "a template elsewhere"), (b"\\objdata", "an object")),
)
_STREAM: Final = re.compile(rb"stream\r?\n")
_MOST_STREAMS: Final = 200
_LONGEST_STREAM: Final = 2**20  # bytes, packed
_SHOWN: Final = re.compile(rb"\(((?:[^()\\]|\\.){1,2000}+)\)", re.DOTALL)
_TAG: Final = re.compile(r"<[^<>]*>")
_PARAGRAPH: Final = re.compile(r"</(?:w:p|text:p|a:p|si|row)>")


def document_kind(content: bytes) -> str:
    """The kind of document; empty for other files."""
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "a PDF"
    if content.startswith(b"{\\rtf"):
        return "an RTF document"
    if content.startswith(_OLE):
        return "an old Office document"
    return "an Office document" if content.startswith(b"PK\x03\x04") else ""


def active_parts(content: bytes) -> list[str]:
    """What in a document can run or be taken out: each kind once."""
    return list(dict.fromkeys(name for mark, name in _ACTIVE if mark in content))


def document_texts(content: bytes) -> Iterator[str]:
    """What a document says, as far as it is spelled in a common way."""
    kind = document_kind(content)
    if kind == "a PDF":
        yield from _of_pdf(content)
    elif kind == "an RTF document":
        yield content.decode("latin-1")
    elif content.startswith(_OLE):
        yield content.replace(b"\0", b"").decode("latin-1")
    elif kind:
        for member in expanded(content):
            text = _PARAGRAPH.sub("\n", member.decode("utf-8", "replace"))
            yield _TAG.sub("", text)


def _of_pdf(content: bytes) -> Iterator[str]:
    left = MOST_BYTES
    yield _strings(content)
    for match in islice(_STREAM.finditer(content), _MOST_STREAMS):
        packed = content[match.end() : match.end() + _LONGEST_STREAM]
        try:
            data = zlib.decompressobj().decompress(packed, left)
        except zlib.error:
            continue
        left -= len(data)
        yield _strings(data)
        if left <= 0:
            return


def _strings(data: bytes) -> str:
    """Strings of a page's content; letters that are placed one by one give words, too."""
    return "".join(match[1].decode("latin-1") for match in _SHOWN.finditer(data)).replace("\\", "")
