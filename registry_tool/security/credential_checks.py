"""Whether what looks like a credential is one: entropy, digits, checksums, and what it decodes to."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Callable

from registry_tool.core.patterns import compiled_once
from registry_tool.security.placeholders import is_password_placeholder, is_placeholder

_MOST = 512  # characters of a value that are looked at
_HEX = re.compile(r"[0-9a-fA-F-]+")
_TWO_DIGITS = re.compile(r"[0-9][^0-9]*+[0-9]")
_TWO_LETTERS = re.compile(r"[A-Za-z][^A-Za-z]*+[A-Za-z]")
_LONG_PART = re.compile(r"[A-Za-z0-9]{12}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SIGN = re.compile(r"[!@#$%^&*]")
_DIGIT = re.compile("[0-9]")
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CONNECTION = compiled_once(
    r"(?:server|data source|host|hostname|user id|uid|user|endpoint|database|initial catalog|driver)\s?=|jdbc:",
    re.IGNORECASE,
)
_LAST_PART = compiled_once(r"[;&?]\s?(?:password|pwd)\s?=\s?[\"']?\Z", re.IGNORECASE)


def entropy(value: str) -> float:
    """Bits a character (Shannon), by the value's own frequencies."""
    value = value[:_MOST]
    counts = [value.count(char) for char in set(value)]
    return math.log2(len(value)) - sum(n * math.log2(n) for n in counts if n > 1) / len(value)


_LEAST_BITS = 72  # far more than anyone can try; a password that people make up has 20 to 50


def is_guessable(value: str) -> bool:
    """Whether who sees a value's digest finds it by trying: short or plain, or a password in an address."""
    return "://" in value or len(value) * entropy(value) < _LEAST_BITS


def holds(part: str) -> Callable[[str, int, int, str], bool]:
    """A check that the value holds a text."""
    return lambda _text, _start, _end, value: part in value


def digits(_text: str, _start: int, _end: int, value: str) -> bool:
    """A digit stands in it; words have none."""
    return any(char.isdigit() for char in value)


def mixed(_text: str, _start: int, _end: int, value: str) -> bool:
    """Digits, small and capital letters: what chance gives, and words don't."""
    value = value[:_MOST]
    return (
        any(char.isdigit() for char in value)
        and any(char.islower() for char in value)
        and any(char.isupper() for char in value)
    )


def dense(_text: str, _start: int, _end: int, value: str) -> bool:
    """As much chance in it as its alphabet and length allow, roughly; digits among them."""
    value = value[:_MOST]
    least = 2.7 if _HEX.fullmatch(value) else 3.2
    return _DIGIT.search(value) is not None and entropy(value) >= least


def random_value(text: str, start: int, end: int, value: str) -> bool:
    """A value that only its name makes a secret: dense, letters and two digits at least, no words."""
    value = value[:_MOST]
    if not _TWO_DIGITS.search(value) or not _TWO_LETTERS.search(value):
        return False
    if text[end : end + 1] in {"(", "["}:
        return False
    if not _LONG_PART.search(value) and not _UUID.fullmatch(value):
        # `token: release-2024-01-15-notes` is words; a password has signs between short runs.
        return _SIGN.search(value) is not None and entropy(value) >= 3.2
    return dense(text, start, end, value)


def jwt(_text: str, _start: int, _end: int, value: str) -> bool:
    """A header that decodes to a JSON object with a string in it; what is glued before it doesn't matter."""
    head = value.partition(".")[0]
    at = head.find("eyJ")
    if at < 0:
        return False
    if len(head) - at > 4096:
        return True
    try:
        decoded = json.loads(_decoded(head[at:]))
    except (ValueError, RecursionError):
        return False
    return isinstance(decoded, dict)


def _decoded(value: str) -> bytes:
    padded = value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4)
    return base64.urlsafe_b64decode(padded)


def private_key(text: str, _start: int, end: int, _value: str) -> bool:
    """Something follows the head that is not a placeholder."""
    body = re.sub(r"\\[nr]|\s", "", text[end : end + 60])
    return not body.startswith(("...", "…", "<", "{", "$", "[", "*")) and not is_placeholder(
        body[:24]
    )


def password(_text: str, _start: int, _end: int, value: str) -> bool:
    """A password that nobody shows as an example."""
    return not is_password_placeholder(value)


def connection(text: str, start: int, end: int, value: str) -> bool:
    """A password among a connection string's other parts, in its line."""
    if is_password_placeholder(value):
        return False
    left = text.rfind("\n", max(0, start - 300), start) + 1 or max(0, start - 300)
    right = text.find("\n", end, end + 300)
    around = text[left:start] + text[end : right if right >= 0 else end + 300]
    separated = text[end : end + 1] in {";", "&"} or _LAST_PART().search(text[left:start])
    return bool(separated) and _CONNECTION().search(around) is not None


def encoded_pair(_text: str, _start: int, _end: int, value: str) -> bool:
    """Base64 of `name:secret`, of printable characters, with a secret that is not a placeholder."""
    try:
        decoded = base64.b64decode(value[:_MOST] + "=" * (-len(value[:_MOST]) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        return False
    name, sign, secret = decoded.partition(":")
    return bool(name and sign) and decoded.isprintable() and not is_password_placeholder(secret)


def has_right_checksum(value: str) -> bool:
    """True where the last six characters are the CRC-32 of the rest, in base 62: GitHub's and npm's tokens.

    https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
    """
    if not re.fullmatch(r"(?:gh[pousr]|npm)_[A-Za-z0-9]{36}", value):
        return False
    number, written = binascii.crc32(value[4:34].encode()), ""
    while number:
        number, digit = divmod(number, 62)
        written = _BASE62[digit] + written
    return written.rjust(6, "0") == value[34:]
