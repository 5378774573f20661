"""Files that processes append lines to while another may take lines out: a lock keeps them apart.

Who appends holds the file's lock shared for as long as it writes; who rewrites needs it alone, and doesn't wait.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from registry_tool.core.files import write_atomic

try:
    import fcntl
except ImportError:  # Windows has no such locks; there, nobody rewrites a file that is open
    fcntl = None  # type: ignore[assignment]


def open_appending(path: Path) -> TextIO:
    """The file, open for lines of ASCII; nobody rewrites it until it is closed. Makes the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        stream = path.open("a", encoding="ascii")
        if fcntl is None:
            return stream
        fcntl.flock(stream, fcntl.LOCK_SH)
        if _is(path, stream):  # else it was rewritten while we waited
            return stream
        stream.close()


def rewrite_lines(path: Path, keep: Callable[[bytes], bool]) -> int | None:
    """How many lines were taken out of a file, whole or not at all; None where somebody is writing to it."""
    with path.open("rb") as stream:
        if fcntl is not None:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return None
        lines = stream.read().splitlines(keepends=True)
        kept = [line for line in lines if keep(line)]
        if not kept:
            path.unlink()
        elif len(kept) < len(lines):
            write_atomic(path, b"".join(kept))
        return len(lines) - len(kept)


def _is(path: Path, stream: TextIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(stream.fileno()))
    except FileNotFoundError:
        return False


def is_being_written(path: Path) -> bool:
    """Whether a process has the file open by `open_appending`; also True where a system knows no such locks."""
    try:
        with path.open("rb") as stream:
            if fcntl is None:
                return True
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False
    except FileNotFoundError:
        return False
