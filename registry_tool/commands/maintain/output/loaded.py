"""Workflows between the two passes of a build from nothing: each version is read, checked and parsed once.

They wait on the disk, since all of a registry need not fit into memory.
"""

from __future__ import annotations

import pickle
import zlib
from dataclasses import dataclass
from pathlib import Path

from registry_tool.catalogue.model import Line
from registry_tool.core.once import cached_results, forget
from registry_tool.core.segments import path_segment


@dataclass(frozen=True, slots=True)
class LoadedLines:
    """A folder of this build's own, which no other user can write to; its processes share it."""

    folder: Path

    def keep(self, line: Line) -> None:
        """Put a workflow there, with what was worked out of it so far."""
        known = [(cached_results(v), cached_results(v.workflow)) for v in line.versions]
        data = pickle.dumps((line, known), pickle.HIGHEST_PROTOCOL)
        self._path(line.name).write_bytes(zlib.compress(data, 1))
        release_cached(line)

    def take(self, name: str) -> Line:
        """A workflow that was kept."""
        data = zlib.decompress(self._path(name).read_bytes())
        line: Line
        line, known = pickle.loads(data)  # noqa: S301 - this build's own
        for version, (of_version, of_workflow) in zip(line.versions, known, strict=True):
            cached_results(version).update(of_version)
            cached_results(version.workflow).update(of_workflow)
        return line

    def _path(self, name: str) -> Path:
        return self.folder / f"-{path_segment(name)}"


def release_cached(line: Line) -> None:
    """Give back the memory of what was worked out of a workflow."""
    for version in line.versions:
        forget(version.workflow)
        forget(version)
