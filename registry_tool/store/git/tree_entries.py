"""Tree objects as git stores them: mode, name and id of each entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from registry_tool.core.errors import RegistryError

_FOLLOWING = 3

RawEntry = tuple[bytes, bytes, bytes]
"""Mode, name, raw id."""


@cache
def _pattern(width: int) -> re.Pattern[bytes]:
    """An entry of a tree object: mode, name, and an id of `width` bytes."""
    return re.compile(rb"([0-7]{1,8}) ([^\0]+)\0(.{%d})" % width, re.DOTALL)


def raw_entries(raw: bytes, width: int) -> tuple[list[RawEntry], bool]:
    """(mode, name, raw id) of every entry as it is spelled, and whether there are bytes that belong to none."""
    found: list[RawEntry] = _pattern(width).findall(raw)
    modes, names, _ = zip(*found, strict=True) if found else ((), (), ())
    size = sum(map(len, modes)) + sum(map(len, names)) + len(found) * (width + 2)
    return found, size != len(raw)


def entries_of(raw: bytes, width: int) -> dict[bytes, RawEntry]:
    """(mode, name, raw id) of every entry by name; `RegistryError` for bytes left over or equal names.

    Modes lose the zeros that careless tools put before them, so that nothing can hide behind its spelling.
    """
    found, rest = raw_entries(raw, width)
    if any(mode.startswith(b"0") for mode in {mode for mode, _, _ in found}):  # there are five
        found = [(mode.lstrip(b"0"), name, raw_id) for mode, name, raw_id in found]
    entries = {entry[1]: entry for entry in found}
    if rest or len(entries) != len(found) or b"/" in b"\0".join(entries):
        raise RegistryError("a tree object is malformed", hint="look at `git fsck`")
    return entries


def child_of(
    raw: bytes, name: bytes, width: int, whole: Callable[[], Mapping[bytes, RawEntry]] | None = None
) -> RawEntry | None:
    """(mode, name, raw id) of one entry of a tree object, found by its name's bytes.

    The bytes could stand inside an id by chance, so the entries that follow must parse as entries, too. Where they
    stand somewhere, but as no plain entry, the whole tree is parsed (by `whole`, where somebody keeps what that
    gives); likewise where it has submodules, whose ids are of nobody's content: whoever writes them may hide other
    entries there.
    """
    whole = whole or (lambda: entries_of(raw, width))
    entry, needle = _pattern(width), b" " + name + b"\0"
    at = raw.find(needle)
    if at == -1:
        return None
    if _SUBMODULE in raw:
        return whole().get(name)
    while at != -1:
        for mode in _MODES:
            start = at - len(mode)
            match = entry.match(raw, start) if start >= 0 else None
            if match and _may_be_inside(raw, start):
                return whole().get(name)
            if match and match[1] == mode and _goes_on(entry, raw, match.end()):
                return mode, match[2], match[3]
        at = raw.find(needle, at + 1)
    return whole().get(name)


_SUBMODULE = b"160000 "
_MODE_ENDS = re.compile(rb"[0-7] ")
_MODES = (b"40000", b"100644", b"100755", b"120000", b"160000")


def _may_be_inside(raw: bytes, start: int) -> bool:
    """Whether a place may lie in a longer mode (`4|40000`) or in a name (`100644 a |40000 b`), not after an id."""
    before = raw[raw.rfind(b"\0", 0, start) + 1 : start]
    return before[-1:].isdigit() or _MODE_ENDS.search(before) is not None


def _goes_on(entry: re.Pattern[bytes], raw: bytes, at: int) -> bool:
    for _ in range(_FOLLOWING):
        if at == len(raw):
            return True
        match = entry.match(raw, at)
        if match is None:
            return False
        at = match.end()
    return True
