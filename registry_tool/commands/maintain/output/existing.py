"""The output that is in a folder: what it says of itself, and whether it is as it was left."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from registry_tool.commands.maintain.build_mark import Mark, read_mark
from registry_tool.core.output_folder import MARK, count_files, entries

SMALL: Final = 5_000
"""Files of an output that is replaced as a whole, by linking them all; larger ones have a twin that is changed
and exchanged with them (core/journal.py)."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """How many files were written, how many were right already, how many were removed; the bytes of all.

    `unmade` names the pages that stand as plain notices, and why.
    """

    written: int
    kept: int
    removed: int
    size: int = 0
    unmade: tuple[str, ...] = ()


def unchanged(mark: Mark) -> BuildResult:
    """The result where nothing had to be done to the output with this mark."""
    return BuildResult(0, mark.files + 1, 0, mark.size)


def previous_mark(out: Path) -> Mark | None:
    """The mark of the output in a folder, None where there is none that can be built upon."""
    return read_mark(read_file(out, MARK))


def read_file(out: Path, path: str) -> bytes | None:
    """A file of the output in a folder."""
    try:
        return (out / path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def is_unmodified(out: Path, mark: Mark) -> bool:
    """Whether nobody has touched an output since, as far as it is looked at: large ones are taken at their word.

    No file is younger than the mark, which is written last, and they are those that it counts.
    """
    if mark.files > SMALL:
        return True
    latest = (out / MARK).stat().st_mtime_ns
    found = dict(entries(out))
    return (
        all(found.values())
        and count_files(found) == mark.count
        and all((out / path).stat().st_mtime_ns <= latest for path in found)
    )
