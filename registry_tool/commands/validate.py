"""`puppy-cli validate`: an author's project against every rule."""

from __future__ import annotations

from pathlib import Path

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.catalogue.settings import read_settings
from registry_tool.commands.check import CheckResult
from registry_tool.commands.reader import open_reader
from registry_tool.commands.reference import project_files
from registry_tool.core.errors import NotFoundError
from registry_tool.core.finding import FindingsError
from registry_tool.manifest.load import load, read_manifest
from registry_tool.resolver.candidates import FixedSource, Source
from registry_tool.rules.all_rules import judge, judge_files
from registry_tool.rules.base import Subject, Surroundings
from registry_tool.rules.file_set import FileSet, VersionContent
from registry_tool.store import paths


def validate(path: Path, registry: str) -> CheckResult:
    """Findings on the project at `path` (its folder or its manifest); paths are relative to where you are."""
    manifest_path = _manifest(path)
    try:
        manifest = load(read_manifest(manifest_path), str(manifest_path))
    except FindingsError as refused:
        return CheckResult(refused.findings, 1)
    files = project_files(manifest_path.parent)
    shown = manifest_path.parent.as_posix()
    plain = {name: VersionContent(content) for name, content in files.items()}
    if found := judge_files(FileSet(plain, "" if shown == "." else shown)):
        return CheckResult(found, 1)
    needs = bool(manifest.workflow.requires)
    source: Source = open_reader(registry) if needs else FixedSource()
    subject = Subject(
        manifest,
        plain,
        _around(source, registry),
    )
    return CheckResult(judge(subject), 1)


def _manifest(path: Path) -> Path:
    if path.is_file():
        return path
    for name in (paths.PROJECT_MANIFEST, paths.MANIFEST):
        if (path / name).is_file():
            return path / name
    raise NotFoundError(
        f"there is no {paths.PROJECT_MANIFEST}",
        place=str(path),
        way_out="run it in a workflow's folder, or start one with `puppy-cli init NAME`",
    )


def _around(source: Source, registry: str) -> Surroundings:
    """What the registry's settings say, where there is one."""
    file = Path(registry) / paths.REGISTRY_FILE
    known = file.is_file()
    settings = read_settings(file.read_bytes(), str(file)) if known else RegistrySettings("")
    return Surroundings(
        source,
        tuple(settings.categories),
        tuple(settings.registries),
        public=known and not settings.access.private,
    )
