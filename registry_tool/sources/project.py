"""A project, a manifest or a package that a path leads to, and the program in it; no registry is asked."""

from __future__ import annotations

from pathlib import Path

from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.files import read_limited
from registry_tool.manifest.load import read_manifest
from registry_tool.package.limits import MAX_BYTES, MAX_PACKAGE
from registry_tool.sources.program import (
    Program,
    authored_program,
    program_from_files,
    published_program,
)
from registry_tool.store import paths

SKIPPED = frozenset({".git", ".workflows", "__pycache__", "dist", "build"})
"""Folders of a project that are not part of it."""
_MOST_FILES = 500


def project_of(text: str) -> Path:
    """The project that a reference is part of: the folder of a path, else where you are."""
    path = Path(text)
    if not is_path(text):
        return Path()
    return path if path.is_dir() else path.parent


def is_path(text: str) -> bool:
    """A folder of the workflow's name beside you is not meant, unless it holds a project."""
    return (
        "/" in text
        or text in {".", ".."}
        or text.endswith((".wfpkg", ".wfbundle", ".yaml"))
        or (Path(text) / paths.PROJECT_MANIFEST).is_file()
    )


def program_at(path: Path) -> Program:
    """The program in a package, a manifest's folder or a project, without its dependencies."""
    if path.is_file() and path.suffix == ".wfpkg":
        from registry_tool.package.open import open_package

        data = read_limited(path, MAX_PACKAGE)
        return program_from_files(open_package(data, location=str(path)), str(path))
    if path.is_file() and path.suffix == ".wfbundle":
        from registry_tool.sources.bundle import BundleReader

        reader = BundleReader(path)
        return published_program(reader.files(reader.root), reader.root)
    if path.is_file():
        return authored_program(
            {**project_files(path.parent), paths.PROJECT_MANIFEST: read_manifest(path)},
            str(path.parent),
        )
    if path.is_dir():
        return authored_program(project_files(path), str(path))
    raise NotFoundError(
        "there is no such folder or file",
        location=str(path),
        hint="name a project's folder, a package, or a published workflow (greeting, without its registry: "
        "that is --registry)",
    )


def project_files(folder: Path) -> dict[str, bytes]:
    """The files of a project or version, by path inside; hidden ones and build results left out."""
    found: dict[str, bytes] = {}
    left = MAX_BYTES
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if any(part.startswith(".") or part in SKIPPED for part in inside.parts):
            continue
        if path.is_file() and not path.is_symlink():
            left -= path.stat().st_size
            if left < 0:
                raise UsageError(
                    f"more than {MAX_BYTES} bytes in a project",
                    location=str(path),
                    hint="keep large files elsewhere and load them from an address",
                )
            found[inside.as_posix()] = path.read_bytes()
        if len(found) > _MOST_FILES:
            raise UsageError(
                f"more than {_MOST_FILES} files",
                location=str(folder),
                hint="name a project's folder",
            )
    return found
