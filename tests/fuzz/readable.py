"""Any bytes as a text that people read in review and that git keeps: what can't be shown stands as an escape."""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"\\(?:x([0-9a-f]{2})|(\\)|(\n))")


def written(data: bytes) -> str:
    """Bytes as printable UTF-8; others as `\\xNN`, a backslash doubled."""
    text = data.replace(b"\\", b"\\\\").decode("utf-8", "surrogateescape")
    return "".join(char if char == "\n" or char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))


def read(text: str) -> bytes:
    """The bytes that `written` was given; a backslash before a line's end joins it with the next."""

    def one(match: re.Match[bytes]) -> bytes:
        return bytes.fromhex(match[1].decode()) if match[1] else match[2] or b""

    return _ESCAPE.sub(one, text.encode())
