"""A clone's objects, opened once a process: whoever asks for the same clone again gets the same reader.

A command makes many `Repository`s of one clone; the git process that reads objects, and the folder that it runs
in, are kept for the last few.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections import OrderedDict
from pathlib import Path
from typing import Final

from registry_tool.store.git.environment import BorrowedObjects, is_sha256
from registry_tool.store.git.object_reader import ObjectReader

_KEPT: Final = 4
_OPEN: Final[OrderedDict[tuple[object, ...], OpenObjects]] = OrderedDict()
_LOCK: Final = threading.Lock()


class OpenObjects:
    """The environment for commands on a clone's objects, and the process that reads them once one is asked for."""

    def __init__(self, common_dir: Path) -> None:
        self.alone = BorrowedObjects(common_dir)
        self._lock = threading.Lock()
        self._reader: ObjectReader | None = None

    def reader(self) -> tuple[ObjectReader, bool]:
        """The reader, and whether it was started by this call."""
        with self._lock:
            started = self._reader is None
            if self._reader is None:
                self._reader = ObjectReader(self.alone.environment)
                weakref.finalize(self, self._reader.stop)
            return self._reader, started


def open_objects(common_dir: Path) -> OpenObjects:
    """Those of the clone whose shared git folder this is, in this process (a forked one opens them anew)."""
    key = _key(common_dir)
    with _LOCK:
        found = _OPEN.pop(key, None)
        if found is None or not found.alone.git_dir.is_dir():
            found = OpenObjects(common_dir)
        _OPEN[key] = found
        while len(_OPEN) > _KEPT:
            _OPEN.popitem(last=False)
    return found


def close_objects() -> None:
    """Keep none any longer; each goes when nobody holds it."""
    with _LOCK:
        _OPEN.clear()


def _key(common_dir: Path) -> tuple[object, ...]:
    """What tells a clone from another one at its place."""
    try:
        objects = (common_dir / "objects").stat()
        mark = (objects.st_dev, objects.st_ino)
    except OSError:
        mark = (0, 0)
    return (os.getpid(), str(common_dir), *mark, is_sha256(common_dir))
