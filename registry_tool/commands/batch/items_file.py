"""The file of a batch's items, as a job may read it: whoever dispatches one names any path they like."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from registry_tool.core.beneath import file_beneath
from registry_tool.core.errors import NotFoundError
from registry_tool.state.branches import in_job


def job_items(path: Path, environ: Mapping[str, str], root: Path = Path()) -> Path:
    """The path itself. In a job it must be a plain one of a regular file of the checkout `root`.

    `RegistryError` for a path that leaves it, a link, a device, a FIFO and what belongs to tools (`.git/…`);
    `NotFoundError` where nothing is. On a laptop every file is its user's own.
    """
    if in_job(environ) and file_beneath(root, path.as_posix()) is None:
        raise NotFoundError(
            "there is no such file in the repository",
            location=str(path)[:200],
            hint="name a file of JSON lines that main holds",
        )
    return path
