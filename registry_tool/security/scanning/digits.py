"""Bytes that a text spells as digits: base64, base32, ascii85, hexadecimal digits, decimal codes, bits."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Final

from registry_tool.core.patterns import compiled_once
from registry_tool.security.encodings import decode_runs
from registry_tool.security.layers import Span

_PAIRS = compiled_once(
    r"(?<![0-9A-Za-z])(?:(?:0x|\\x)?[0-9A-Fa-f]{2}(?:, ?|[ :\n])){11,}+(?:(?:0x)?[0-9A-Fa-f]{2}\b)?"
)
_CODES = compiled_once(r"(?<![0-9.])(?:[0-9]{2,3}(?:, ?| |\n)){11,}+(?:[0-9]{2,3}\b)?")
_BASE32 = compiled_once(r"\b[A-Z2-7]{32,}+={0,6}")
_BITS = compiled_once(r"(?<![0-9])(?:[01]{8}[ ,\n]?){12,}+(?![0-9])")
_ASCII85 = compiled_once(r"<~[!-uz\s]{15,}?~>")
_PAIR = re.compile(r"[0-9A-Fa-f]{2}(?=[^0-9A-Fa-fx]|$)")
_NUMBER = re.compile(r"[0-9]+")
_DIGITS = re.compile(r"[^01]")
_MOST_CODE: Final = 255
_GROUP: Final = 8  # digits of base32 that say five bytes


def decode_digits(text: str) -> Iterator[tuple[bytes, str, Span]]:
    """The bytes of each run of digits, how it spells them, and its span."""
    yield from decode_runs(text)
    for match in _PAIRS().finditer(text):
        yield bytes.fromhex("".join(_PAIR.findall(match[0]))), "hexadecimal digits", match.span()
    for match in _CODES().finditer(text):
        codes = [int(number) for number in _NUMBER.findall(match[0])]
        if max(codes) <= _MOST_CODE:
            yield bytes(codes), "decimal codes", match.span()
    for match in _BITS().finditer(text):
        bits = _DIGITS.sub("", match[0])
        yield int(bits, 2).to_bytes(len(bits) // 8, "big"), "binary digits", match.span()
    for match in _ASCII85().finditer(text):
        yield from ((data, "ascii85", match.span()) for data in _ascii85(match[0]))
    for match in _BASE32().finditer(text):
        yield _base32(match[0].rstrip("=")), "base32", match.span()


def _ascii85(digits: str) -> Iterator[bytes]:
    try:
        yield base64.a85decode(digits, adobe=True)
    except ValueError:
        return  # it only begins and ends like some


def _base32(digits: str) -> bytes:
    whole = digits[: len(digits) - len(digits) % _GROUP]
    rest = digits[len(whole) :]
    rest = rest if len(rest) in {2, 4, 5, 7} else ""
    return base64.b32decode(whole + (rest + "=" * (_GROUP - len(rest)) if rest else ""))
