"""One segment of a path for any text that an author may write: a tag, an author, a category."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import quote

from registry_tool.core.files import is_device_name

_LONGEST = 150
"""Bytes that a name keeps: file systems take 255, and what follows it (`.json`, a page's number) needs some."""
_PLAIN = re.compile(r"[A-Za-z0-9@_-][A-Za-z0-9@_.-]{0,100}(?<!\.)")
"""What most authors write, and what stays as it is."""


def path_segment(key: str) -> str:
    """Letters, digits and `@`, `-`, `_`, `.` as they are, a blank as `+`, every other byte as `~XX`.

    Two texts have two segments, and every system can store each: none is long, empty, a device's name or leads out
    of its folder. What is too long ends in `~~` and a part of its digest.
    """
    if _PLAIN.fullmatch(key) and not is_device_name(key):
        return key
    if not key.strip("."):
        return "~2E" * len(key) or "~"
    text = quote(key, safe="@ ").replace("~", "%7E").replace("%", "~").replace(" ", "+")
    if is_device_name(key):
        text = f"~{ord(key[0]):02X}{text[1:]}"
    if text.endswith("."):
        text = f"{text[:-1]}~2E"
    if len(text) <= _LONGEST:
        return text
    return f"{text[:100]}~~{sha256(key.encode()).hexdigest()[:32]}"
