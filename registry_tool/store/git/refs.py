"""A ref's id read from the clone's files, where they say it plainly; else only git can tell.

A state branch is asked for many times in one command, and a process each time costs more than the answer. Formats:
gitrepository-layout(5), git-pack-refs(1).
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

_PLAIN: Final = re.compile(
    r"refs/(?:heads|tags|remotes|registry-tool(?:-lost)?)(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)+"
)
_ID: Final = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64})\n?")
_MOST: Final = 2**25
"""Bytes of `packed-refs` that are read here, which is some 400,000 refs."""


def ref_here(common_dir: Path, ref: str) -> str | None:
    """The id that a whole ref (`refs/heads/main`) names, empty where it names none.

    None where git has to be asked: short names, symbolic refs, other ways to store refs, files that can't be read.
    """
    if not _PLAIN.fullmatch(ref) or ".." in ref or ref.endswith((".lock", ".")):
        return None
    if (common_dir / "reftable").exists():
        return None
    try:
        return _loose(common_dir / ref)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return _packed(common_dir / "packed-refs", ref)
    except OSError:
        return None


def _loose(file: Path) -> str | None:
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        found = _ID.fullmatch(os.read(handle, 256))
    finally:
        os.close(handle)
    return found[1].decode() if found else None


def _packed(file: Path, ref: str) -> str | None:
    try:
        if file.stat().st_size > _MOST:
            return None
        lines = b"\n" + file.read_bytes()
    except FileNotFoundError:
        return ""
    except OSError:
        return None
    end = lines.find(b" " + ref.encode() + b"\n")
    if end < 0:
        return ""
    found = _ID.fullmatch(lines[lines.rfind(b"\n", 0, end) + 1 : end])
    return found[1].decode() if found else None
