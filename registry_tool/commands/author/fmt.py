"""`puppy-cli fmt`: a manifest in canonical layout, in place, or whether it is."""

from __future__ import annotations

from pathlib import Path

from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.files import write_atomic
from registry_tool.core.records import Record
from registry_tool.core.values import Object
from registry_tool.manifest.layout.layout import laid_out
from registry_tool.manifest.load import read_manifest
from registry_tool.store import paths


class FormatResult(Record, frozen=True):
    """A manifest's text as it was and in canonical layout, and whether it was written."""

    path: Path
    before: str
    after: str
    written: bool

    @property
    def changed(self) -> bool:
        """Whether the layout was another."""
        return self.before != self.after

    def to_value(self) -> Object:
        """As JSON."""
        return {"path": str(self.path), "changed": self.changed, "written": self.written}


def fmt(path: Path, *, check: bool = False) -> FormatResult:
    """Lay out a manifest (a file, or a project's folder); with `check`, nothing is written.

    `UsageError` for a published version, whose bytes never change.
    """
    file = manifest_file(path)
    if not check:
        demand_unpublished(file)
    data = read_manifest(file)
    after = laid_out(data, str(file))
    before = data.decode()
    write = not check and before != after
    if write:
        write_atomic(file, after.encode())
    return FormatResult(file, before, after, write)


def manifest_file(path: Path) -> Path:
    """The manifest that a path is, or that lies in a folder."""
    if path.is_file():
        return path
    for name in (paths.PROJECT_MANIFEST, paths.MANIFEST):
        if (path / name).is_file():
            return path / name
    raise NotFoundError(
        f"there is no {paths.PROJECT_MANIFEST} here",
        location=str(path),
        hint="name a manifest or a project's folder, or start one with `puppy-cli init NAME`",
    )


def demand_unpublished(file: Path) -> None:
    """`UsageError` for a manifest of a published version: its digest is known to others."""
    folder = file.resolve().parent
    is_version = folder.parent.parent.name == "workflows" and (folder / paths.COMPILED).is_file()
    if is_version and any((above / paths.REGISTRY_FILE).is_file() for above in folder.parents):
        raise UsageError(
            "this version is published, and a published version never changes",
            location=str(file),
            hint="change the project that it comes from, and publish a higher version",
        )
