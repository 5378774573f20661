"""Folders of the person who runs the tool."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """Where things that can be made again are kept; made with mode 0700.

    `PUPPY_CACHE`, else `$XDG_CACHE_HOME/puppy`, else `~/.cache/puppy`.
    """
    named = os.environ.get("PUPPY_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    folder = Path(named) if named else Path(base) / "puppy"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
