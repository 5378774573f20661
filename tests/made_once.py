"""Folders that take long to make, made once in a process of tests and copied for each test that changes them."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

Make = Callable[[Path], object]
"""Makes what a folder, which does not exist yet, shall hold; a function of a module, as it is called once."""


def put_copy(make: Make, to: Path) -> None:
    """Put a copy of what `make` makes where nothing is yet."""
    shutil.copytree(made_once(make), to, symlinks=True)


@cache
def made_once(make: Make) -> Path:
    """What `make` makes, for tests that only read it."""
    above = tempfile.mkdtemp(prefix="made-once-")
    atexit.register(shutil.rmtree, above, ignore_errors=True)
    folder = Path(above) / "made"
    make(folder)
    return folder
