"""How the corpus spells words: each step takes bytes and gives bytes. Steps that give text give it in UTF-8."""

from __future__ import annotations

import base64
import bz2
import codecs
import gzip
import html
import json
import lzma
import quopri
import zlib
from collections.abc import Callable, Mapping
from urllib.parse import quote

from tests.security.scanning.files import FILES

Step = Callable[[bytes], bytes]
KEY = 7  # of `xor`
CYRILLIC = dict(zip("aceopxyiACEHKMOPTX", "асеорхуіАСЕНКМОРТХ", strict=True))
GREEK = dict(zip("oviAEHKMNOPTX", "ονιΑΕΗΚΜΝΟΡΤΧ", strict=True))


def _text(change: Callable[[str], str]) -> Step:
    return lambda data: change(data.decode()).encode()


def _each(spell: Callable[[str], str], between: str = "") -> Step:
    """Every character by itself."""
    return _text(lambda text: between.join(map(spell, text)))


def _shifted(base: int, first: str, last: str) -> Callable[[str], str]:
    """Letters moved to another block of Unicode."""
    return lambda c: chr(base + ord(c) - ord(first)) if first <= c <= last else c


def _bold(character: str) -> str:
    upper = _shifted(0x1D400, "A", "Z")(character)
    return _shifted(0x1D41A, "a", "z")(upper)


def _circled(character: str) -> str:
    return _shifted(0x24D0, "a", "z")(character.lower())


def _bits(data: bytes) -> bytes:
    bits = "".join(f"{byte:08b}" for byte in data)
    return bits.replace("0", "\u200b").replace("1", "\u200c").encode()


def _selector(byte: int) -> str:
    return chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16)


def _literal(text: str) -> str:
    """A text as it may stand between single quotes of Python."""
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _split_string(text: str) -> str:
    """A Python string in pieces of three characters; the template's quotes are around all of it."""
    parts = [_literal(text[at : at + 3]) for at in range(0, len(text), 3)]
    return "' + '".join(parts)


def _halves(text: str) -> str:
    """Two Python strings."""
    middle = len(text) // 2
    return f"'{text[:middle]}', '{text[middle:]}'"


def _unicode_escapes(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _lines(data: bytes) -> bytes:
    return base64.encodebytes(data).strip()


STEPS: Mapping[str, Step] = {
    **FILES,
    "json": _text(lambda text: json.dumps(text, ensure_ascii=False)[1:-1]),
    "markup": _text(html.escape),
    "twice-as-long": lambda data: data + b" " + data,
    "split-string": _text(_split_string),
    "halves": _text(_halves),
    "plain-quotes": _text(_literal),
    # characters
    "tags": _each(lambda c: chr(0xE0000 + ord(c)) if c.isascii() else c),
    "zero-width-bits": _bits,
    "selectors": lambda data: "".join(map(_selector, data)).encode(),
    "soft-hyphens": _each(str, "\u00ad"),
    "bidi": _text(lambda text: f"\u202e{text[::-1]}\u202c"),
    "invisible-operators": _each(str, "\u2062"),
    "cyrillic": _each(lambda c: CYRILLIC.get(c, c)),
    "greek": _each(lambda c: GREEK.get(c, c)),
    "fullwidth": _each(_shifted(0xFF01, "!", "~")),
    "bold-letters": _each(_bold),
    "circled": _each(_circled),
    "spaced": _each(str, " "),
    # encodings
    "base64": base64.b64encode,
    "base64-url": base64.urlsafe_b64encode,
    "base64-lines": _lines,
    "base32": base64.b32encode,
    "ascii85": lambda data: base64.a85encode(data, adobe=True),
    "hexadecimal": lambda data: data.hex().encode(),
    "hexadecimal-pairs": lambda data: data.hex(" ").encode(),
    "hexadecimal-escapes": lambda data: "".join(f"\\x{byte:02x}" for byte in data).encode(),
    "octal-escapes": lambda data: "".join(f"\\{byte:03o}" for byte in data).encode(),
    "percent": lambda data: quote(data).encode(),
    "percent-all": lambda data: "".join(f"%{byte:02X}" for byte in data).encode(),
    "quoted-printable": lambda data: quopri.encodestring(data, quotetabs=True).strip(),
    "entities": _each(lambda c: f"&#{ord(c)};"),
    "entities-hexadecimal": _each(lambda c: f"&#x{ord(c):x};"),
    "unicode-escapes": _text(_unicode_escapes),
    "rot13": _text(lambda text: codecs.encode(text, "rot13")),
    "reversed": _text(lambda text: text[::-1]),
    "binary-digits": lambda data: " ".join(f"{byte:08b}" for byte in data).encode(),
    "decimal-codes": lambda data: ", ".join(map(str, data)).encode(),
    "xor": lambda data: bytes(byte ^ KEY for byte in data),
    # compression
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "zlib": zlib.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    # other bytes
    "utf-16": lambda data: data.decode().encode("utf-16"),
    "utf-32": lambda data: data.decode().encode("utf-32"),
    "utf-7": lambda data: b"+" + base64.b64encode(data.decode().encode("utf-16-be")).rstrip(b"=") + b"-",
    "ebcdic": lambda data: data.decode().encode("cp037", "replace"),
    "latin-1-beside": lambda data: b"caf\xe9 cr\xe8me\n" + data,
}  # fmt: skip
