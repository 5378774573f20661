"""E-mail addresses, internationalised ones too (RFC 6531): where each stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LOCAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-"
_DOMAIN = re.compile(
    r"(?:@|%40)((?:[A-Za-z0-9-]{1,63}\.){1,8}(xn--[A-Za-z0-9-]{2,59}|[A-Za-z]{2,24}))(?!\w)",
    re.ASCII,
)
_WIDE_DOMAIN = re.compile(r"@((?:[^\W_][\w-]{0,62}\.){1,8}([^\W\d_]{2,24}))")
_AT = re.compile(r"(?:@|%40)(?=[^\W_][\w-]{0,62}\.)")
_JSON_ESCAPE = re.compile(r"[nrt]|u[0-9a-fA-F]{4}")
_FILE_TYPES = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp"})  # logo@2x.png
_IDEOGRAPHS = 0x2E80  # from here on, scripts without blanks: a text goes up to an address


def addresses(text: str, barriers: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """(start, end) of every address; none begins right after one of `barriers`."""
    done = 0
    for sign in _AT.finditer(text):
        match = _DOMAIN.match(text, sign.start()) or _WIDE_DOMAIN.match(text, sign.start())
        if match is None or match.start() < done:
            continue
        start = _local_start(text, match.start(), barriers)
        if start is not None and start >= done and match[2].lower() not in _FILE_TYPES:
            yield start, match.end()
            done = match.end()


def _local_start(text: str, at: int, barriers: tuple[str, ...]) -> int | None:
    """Where the name before an @ starts, if it is one: at most 64 characters (RFC 5321), no dot at its ends."""
    before = text[max(0, at - 71) : at]
    head = before.rstrip(_LOCAL)
    if head and not head[-1].isascii():
        head = _wider(head, before[len(head) :])
    local = before[len(head) :]
    if head.endswith("\\") and (escape := _JSON_ESCAPE.match(local)):
        local = local[escape.end() :]
    elif head.endswith(barriers):
        return None
    sound = 0 < len(local) <= 64 and local[0] != "." and local[-1] != "."
    return at - len(local) if sound else None


def _wider(head: str, local: str) -> str:
    """The head without letters of other alphabets that belong to the name."""
    at = len(head)
    wide = not local
    while at and (head[at - 1].isalnum() or head[at - 1] in _LOCAL):
        if ord(head[at - 1]) >= _IDEOGRAPHS and not wide:
            break
        at -= 1
    return head[:at]
