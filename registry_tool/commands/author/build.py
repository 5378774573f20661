"""`puppy-cli build`: a project → its package, and the version's folder that publishing adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import write_atomic
from registry_tool.core.output_folder import demand_outside_git
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.digest import digest
from registry_tool.manifest.model import Workflow
from registry_tool.package.build import package_bytes
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice
from registry_tool.sources.configuration.files import PROJECT_FILE
from registry_tool.sources.lock_file import LOCK_FILE
from registry_tool.sources.program import authored_program
from registry_tool.sources.project import program_at, project_files
from registry_tool.sources.reference import left_out, with_dependencies
from registry_tool.store import paths

_ZIP: Final = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class BuiltPackage:
    """A package on disk: its size in bytes and the digest of its files."""

    path: Path
    size: int
    digest: str


def version_files(folder: Path) -> tuple[str, str, dict[str, bytes]]:
    """Name, version and the files that a project publishes: manifest.yaml, workflow.json and the rest."""
    files = project_files(folder)
    workflow = authored_program(files, str(folder)).workflow
    return workflow.name, workflow.version, published_files(files, workflow)


def published_files(files: Mapping[str, bytes], workflow: Workflow) -> dict[str, bytes]:
    """The files that a project with that workflow publishes, by path inside the version."""
    manifest = files.get(paths.MANIFEST) or files[paths.PROJECT_MANIFEST]
    published = {
        **_without(files, {paths.PROJECT_MANIFEST, paths.MANIFEST, LOCK_FILE, PROJECT_FILE}),
        paths.MANIFEST: manifest,
        paths.COMPILED: compile_bytes(workflow),
    }
    if "README.md" in published and paths.README not in published:
        published[paths.README] = published.pop("README.md")
    return published


def _without(files: Mapping[str, bytes], names: set[str]) -> dict[str, bytes]:
    return {path: content for path, content in files.items() if path not in names}


def build_package(folder: Path, out: Path) -> BuiltPackage:
    """Write NAME-VERSION.wfpkg below `out`: the same bytes for the same files, everywhere."""
    name, version, files = version_files(folder)
    data = package_bytes(files)
    path = out / paths.package_file(name, version)
    demand_outside_git(out)
    _demand_package(path)
    write_atomic(path, data)
    return BuiltPackage(path, len(data), digest(files))


def dependency_warning(folder: Path, registry: AnyRegistry) -> str:
    """Why a built package may not run: what it requires can't be had, or nobody was asked; else nothing."""
    program = program_at(folder)
    try:
        with_dependencies(program, folder, registry)
    except RegistryError as error:
        if not as_choice(registry).is_known:
            return left_out(program.workflow)
        return f"the dependencies can't be had: {error}"
    return ""


def _demand_package(path: Path) -> None:
    """`UsageError` where something else than a package has its name."""
    if path.is_file() and path.stat().st_size:
        with path.open("rb") as file:
            if file.read(len(_ZIP)) == _ZIP:
                return
        raise UsageError(
            "is a file, but no package, and would be overwritten; nothing was written",
            location=str(path),
            hint="move it away, or name another folder with -o",
        )
