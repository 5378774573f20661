"""Files that stand in two folders and once on the disk, by hard links; copies where the disk has none."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from registry_tool.core.files import inside


def link(there: Path, target: Path) -> None:
    """Have a file at a new place as well, with its time."""
    try:
        target.hardlink_to(there)
    except FileExistsError:
        raise
    except OSError:
        shutil.copy2(there, target)


def link_all(folder: Path, new: Path) -> None:
    """Have every file below a folder below an empty one as well."""
    with os.scandir(folder) as entries:
        for entry in entries:
            target = new / entry.name
            if entry.is_dir(follow_symlinks=False):
                target.mkdir()
                link_all(Path(entry.path), target)
            else:
                link(Path(entry.path), target)


def put(source: Path, target: Path) -> None:
    """Have a file at a place in one step, whatever file stood there; it stays where it is."""
    beside = source.with_name(f"{source.name}.next")
    beside.unlink(missing_ok=True)  # of a process that was killed
    target.parent.mkdir(parents=True, exist_ok=True)
    link(source, beside)
    beside.replace(target)
    beside.unlink(missing_ok=True)  # a link that takes the place of itself stays: rename(2)


def remove(folder: Path, path: str) -> None:
    """Remove a file below a folder, and the folders that become empty."""
    target = inside(folder, path)
    with suppress(NotADirectoryError):
        target.unlink(missing_ok=True)
    for above in target.parents:
        if above == folder:
            return
        try:
            above.rmdir()
        except OSError:  # something is left in it, or it is gone
            if above.exists():
                return
