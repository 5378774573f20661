"""`puppy-cli init`: a project that validates, tests and builds at once, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from registry_tool.commands.author.editor_schema import NONE, editor_schema, settings_in
from registry_tool.commands.author.project_template import ProjectTemplate, read_template
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import inside, write_atomic
from registry_tool.core.finding import FindingsError
from registry_tool.core.output_folder import demand_outside_git
from registry_tool.core.values import Object, Value
from registry_tool.manifest.load import load
from registry_tool.manifest.names import bad_name
from registry_tool.rules.license_spdx import license_error, license_hint
from registry_tool.sources.configuration.choice import AnyRegistry
from registry_tool.store import paths

VERSION: Final = "1.0.0"
LICENSE: Final = "MIT"
AUTHOR: Final = "you@example.com"
_GIT: Final = ".git"


@dataclass(frozen=True, slots=True)
class ProjectWords:
    """What an author says about a project. An empty description is the template's."""

    description: str = ""
    author: str = AUTHOR
    license: str = LICENSE


@dataclass(frozen=True, slots=True)
class CreatedProject:
    """A new project and its files."""

    folder: Path
    files: tuple[Path, ...]

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "project": str(self.folder),
            "files": list[Value](map(str, self.files)),
        }


def init(
    name: str,
    template: str,
    folder: Path,
    words: ProjectWords = ProjectWords(),
    registry: AnyRegistry = NONE,
) -> CreatedProject:
    """Write a project for a registry, if one is known.

    `UsageError` for a bad name, an unknown template, words that a manifest can't hold, and a folder that has files
    already; whatever fails, nothing is left behind.
    """
    demand_name(name)
    demand_license(words.license)
    files = project_files_of(read_template(template), name, words, registry)
    demand_new_folder(folder)
    try:
        _write(folder, files)
    except OSError as error:
        raise RegistryError(
            f"the project can't be written: {error.strerror or error}",
            location=str(folder),
            hint="nothing was left behind; fix that, or name another folder with -o",
        ) from error
    return CreatedProject(folder, tuple(folder / path for path in sorted(files)))


def demand_name(name: str) -> None:
    """`UsageError` unless a workflow may have that name."""
    if reason := bad_name(name):
        raise UsageError(f"the name {name!r} {reason}", hint="such as my-workflow")


def demand_license(expression: str) -> None:
    """`UsageError` unless it is an SPDX expression."""
    if wrong := license_error(expression):
        raise UsageError(
            f"{expression[:64]!r} is not an SPDX licence: {wrong}", hint=license_hint(expression)
        )


def demand_new_folder(folder: Path) -> None:
    """`UsageError` unless a project may be put there: nothing is there, or an empty folder or repository."""
    demand_outside_git(folder)
    location = str(folder)
    if os.path.lexists(folder) and not folder.is_dir():
        raise UsageError("there is a file already", location=location, hint="name a folder with -o")
    if not folder.is_dir():
        return
    there = sorted(path.name for path in folder.iterdir() if path.name != _GIT)
    if paths.PROJECT_MANIFEST in there:
        raise UsageError(
            "there is a project already; nothing was written",
            location=location,
            hint="go on there with `puppy-cli validate`, or name a new folder with -o",
        )
    if there:
        more = f" and {len(there) - 3} more" if len(there) > 3 else ""
        raise UsageError(
            f"the folder is not empty ({', '.join(there[:3])}{more}); nothing was written",
            location=location,
            hint="name a new folder with -o, or move its files away",
        )


def project_files_of(
    template: ProjectTemplate, name: str, words: ProjectWords, registry: AnyRegistry = NONE
) -> dict[str, bytes]:
    """The files of a new project by path; `UsageError` where the words make no manifest."""
    metadata = {
        "version": f"{VERSION}",
        "author": words.author,
        "license": words.license,
        "description": words.description or template.description,
        **_category(template, registry),
    }
    schema = editor_schema(registry)
    files = template.project(name, metadata)
    manifest = schema.line.encode() + files[paths.PROJECT_MANIFEST]
    try:
        load(manifest, paths.PROJECT_MANIFEST)
    except FindingsError as refused:
        finding = refused.findings[0]
        raise UsageError(
            f"that makes no manifest: {finding.message}", hint=finding.help or "use other words"
        ) from None
    return {**files, **schema.files, paths.PROJECT_MANIFEST: manifest}


def _category(template: ProjectTemplate, registry: AnyRegistry) -> Mapping[str, str]:
    """Nothing where the template's category may stay, an empty word where the registry has no such category."""
    settings = settings_in(registry)
    unknown = settings and template.workflow.metadata.category not in settings.categories
    return {"category": ""} if unknown else {}


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make the project beside the folder, and then move it there in one step, or back."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_beside(folder), prefix=".new-project.") as temporary:
        made = Path(temporary) / "project"
        for path, content in files.items():
            write_atomic(inside(made, path), content)
        if not folder.exists():
            made.rename(folder)
            return
        _fill(folder, made)


def _beside(folder: Path) -> Path:
    """Where a new project is made: next to its folder, or in it where that is there already."""
    return folder if folder.is_dir() else folder.parent


def _fill(folder: Path, made: Path) -> None:
    """Move what was made into an empty folder; whatever interrupts that takes it out again."""
    moved = []
    try:
        for path in sorted(made.iterdir()):
            moved.append(folder / path.name)
            path.rename(folder / path.name)
    except BaseException:
        for path in moved:
            with suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        raise
