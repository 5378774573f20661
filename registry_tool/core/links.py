"""Where a path leads when its symbolic links are followed."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def resolved(path: Path) -> Path:
    """The path without links, whether or not something is there; `OSError` (ELOOP) where links lead in a circle.

    `Path.resolve` raises RuntimeError for those up to Python 3.12, and since 3.13 gives a path with the link in it
    (https://docs.python.org/3/library/pathlib.html#pathlib.Path.resolve).
    """
    try:
        real = path.resolve()
    except RuntimeError:
        raise _circle(path) from None
    if any(os.path.islink(part) for part in (real, *real.parents)):  # noqa: PTH114 - False where a name is too long
        raise _circle(path)
    return real


def leads_inside(path: Path, folder: Path) -> bool:
    """True where a path leads to `folder` or below it; links in a circle lead nowhere."""
    try:
        return resolved(path).is_relative_to(resolved(folder))
    except OSError:
        return False


def _circle(path: Path) -> OSError:
    return OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
