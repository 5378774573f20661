"""Whether what is written would take the place of what is read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from registry_tool.core.errors import UsageError
from registry_tool.core.links import resolved


def same_file(one: Path, other: Path) -> bool:
    """True for one file by two names: another spelling, a symbolic or hard link, another letter case."""
    try:
        return one.samefile(other)
    except OSError:  # one of them isn't there yet: then their names decide
        return _real(one) == _real(other)


def leads_into(path: Path, folder: Path) -> bool:
    """True for a path that is a folder or lies below it, whether or not they are there yet."""
    real = _real(path)
    return any(same_file(above, folder) for above in (real, *real.parents))


def demand_distinct(output: Path | None, what: str, inputs: Iterable[Path | None]) -> None:
    """`UsageError` where `output` (an option's name is `what`) is one of the files that the command reads."""
    for read in inputs:
        if output is not None and read is not None and same_file(output, read):
            raise UsageError(
                f"{what} is the file that is read ({read}), and would overwrite it; nothing was written",
                location=str(output),
                hint=f"name another file with {what}",
            )


def _real(path: Path) -> Path:
    try:
        return resolved(path)
    except OSError:  # links in a circle lead nowhere
        return path.absolute()
