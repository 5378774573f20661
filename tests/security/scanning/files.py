"""Files of many kinds around words, small and made from nothing: what the corpus carries words in."""

from __future__ import annotations

import base64
import gzip
import io
import marshal
import pickle
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from importlib.util import MAGIC_NUMBER
from xml.sax.saxutils import escape

EPOCH = (1980, 1, 1, 0, 0, 0)
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
JPEG_FRAME = bytes.fromhex("ffc0000b080001000101011100") + b"\xff\xc4\0\x14\0\1" + bytes(16)
JPEG_SCAN = bytes.fromhex("ffda0008010100003f00d2cf20ffd9")


def zipped(entries: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these entries, deflated."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _docx(words: bytes, **more: bytes) -> bytes:
    body = "".join(f"<w:t>{escape(word)} </w:t>" for word in words.decode().split(" "))
    parts = {name.replace("__", "/").replace("_", "."): data for name, data in more.items()}
    kinds = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return zipped({"[Content_Types].xml": kinds, "word/document.xml": f"<w:p>{body}</w:p>", **parts})  # fmt: skip


def _xlsx(words: bytes) -> bytes:
    cell = f"<sst><si><t>{escape(words.decode())}</t></si></sst>"
    return zipped({"[Content_Types].xml": "<Types/>", "xl/sharedStrings.xml": cell})


def _odt(words: bytes) -> bytes:
    kind = "application/vnd.oasis.opendocument.text"
    return zipped({"mimetype": kind, "content.xml": f"<text:p>{escape(words.decode())}</text:p>"})


def _pdf(words: bytes) -> bytes:
    shown = words.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    stream = zlib.compress(b"BT /F1 12 Tf (" + shown + b") Tj ET")
    head = b"%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n4 0 obj <</Filter/FlateDecode"
    size = f"/Length {len(stream)}>>\nstream\n".encode()
    return head + size + stream + b"\nendstream endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def _ole(words: bytes) -> bytes:
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    return head + words.decode().encode("utf-16-le") + bytes(512)


def _rtf(words: bytes) -> bytes:
    return (
        b"{\\rtf1\\ansi {\\*\\comment " + words.decode().encode("ascii", "replace") + b"}Hello}\n"
    )


def _tar_gzip(words: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("notes.txt")
        entry.size = len(words)
        archive.addfile(entry, io.BytesIO(words))
    return gzip.compress(buffer.getvalue(), mtime=0)


def _pyc(words: bytes) -> bytes:
    code = compile(f"run({words.decode()!r})", "helper.py", "exec")
    return MAGIC_NUMBER + bytes(12) + marshal.dumps(code)


def _pickle(words: bytes) -> bytes:
    """What would call `os.system`, had anybody loaded it."""
    return b"\x80\x04cposix\nsystem\n" + pickle.dumps(words.decode(), 4)[2:-1] + b"\x85R."


def _elf(words: bytes) -> bytes:
    return b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\0\x3e\0" + bytes(60) + words


def _windows_program(words: bytes) -> bytes:
    head = b"MZ" + bytes(58) + struct.pack("<I", 64)
    return head + b"PE\0\0\x64\x86" + bytes(40) + words


def png(*chunks: tuple[bytes, bytes], pixels: bytes = b"\0\0\0\0\0") -> bytes:
    head = struct.pack(">IIBBBBB", 1, 1, 8, 6, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(pixels)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def _jpeg(*segments: tuple[int, bytes]) -> bytes:
    extra = b"".join(
        struct.pack(">BBH", 0xFF, kind, len(data) + 2) + data for kind, data in segments
    )
    jfif = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return b"\xff\xd8" + jfif + extra + JPEG_FRAME + JPEG_SCAN


def _gif(comment: bytes = b"", frames: int = 1) -> bytes:
    pieces = [comment[at : at + 255] for at in range(0, len(comment), 255)]
    block = b"".join(bytes([len(piece)]) + piece for piece in pieces)
    frame = GIF[19:-1]
    return GIF[:19] + (b"\x21\xfe" + block + b"\0" if comment else b"") + frame * frames + b";"


def _webp(*chunks: tuple[bytes, bytes]) -> bytes:
    picture = bytes.fromhex("2f00000000881788fe0700")
    parts = [(b"VP8L", picture), *chunks]
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in parts
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _mp3(words: bytes) -> bytes:
    frame = b"COMM" + struct.pack(">I", len(words) + 5) + b"\0\0\x03eng\0" + words
    size = len(frame)
    sync = bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127])
    return b"ID3\x04\0\0" + sync + frame + (b"\xff\xfb\x90\x00" + bytes(413)) * 3


def _noise(_: bytes) -> bytes:
    rows = b"".join(b"\0" + random.Random(7).randbytes(256) for _ in range(64))  # noqa: S311
    return png(pixels=rows)


FILES: Mapping[str, Callable[[bytes], bytes]] = {
    "docx": _docx,
    "docx-with-macro": lambda words: _docx(b"Hello", word__vbaProject_bin=_ole(words)),
    "xlsx": _xlsx,
    "odt": _odt,
    "pdf": _pdf,
    "ole": _ole,
    "rtf": _rtf,
    "zip": lambda words: zipped({"notes.txt": words}),
    "tar-gzip": _tar_gzip,
    "pyc": _pyc,
    "pickle": _pickle,
    "elf": _elf,
    "windows-program": _windows_program,
    "wasm": lambda words: b"\0asm\x01\0\0\0\0" + bytes([len(words) + 2, 1]) + b"n" + words,
    "java-class": lambda words: b"\xca\xfe\xba\xbe\0\0\0\x41\0\x02\x01" + struct.pack(">H", len(words)) + words,
    "mach-o": lambda words: b"\xcf\xfa\xed\xfe\x07\0\0\x01" + bytes(24) + words,
    "lua-bytecode": lambda words: b"\x1bLua\x54\0\x19\x93\r\n\x1a\n" + bytes(20) + words,
    "png": lambda _: png(),
    "png-of-noise": _noise,
    "png-with-title": lambda _: png((b"tEXt", b"Title\0A graph of three blocks")),
    "png-text": lambda words: png((b"iTXt", b"Comment\0\0\0\0\0" + words)),
    "png-packed-text": lambda words: png((b"zTXt", b"Comment\0\0" + zlib.compress(words))),
    "png-behind": lambda words: png() + words,
    "png-zip": lambda words: png() + zipped({"notes.txt": words}),
    "jpeg": lambda _: _jpeg(),
    "jpeg-comment": lambda words: _jpeg((0xFE, words)),
    "jpeg-with-camera": lambda _: _jpeg((0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0"), (0xFE, b"Lavc58.54.100")),
    "jpeg-behind": lambda words: _jpeg() + words,
    "gif": lambda _: GIF,
    "gif-of-two": lambda _: _gif(frames=2),
    "gif-comment": _gif,
    "gif-script": lambda words: _gif() + b"=1;run('" + words + b"')//",
    "webp": lambda _: _webp(),
    "webp-exif": lambda words: _webp((b"EXIF", b"II*\0" + words)),
    "mp3-tag": _mp3,
}  # fmt: skip
