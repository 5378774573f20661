"""`registry-tool check`: every version of a registry against every rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from registry_tool.catalogue.load import load_settings
from registry_tool.catalogue.model import Owners
from registry_tool.catalogue.settings import read_owners
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.files import write_atomic
from registry_tool.core.finding import Finding, FindingsError, Severity, in_order
from registry_tool.core.values import Object
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.load import load
from registry_tool.manifest.model import Workflow
from registry_tool.resolver.candidates import Candidate, FixedSource
from registry_tool.resolver.version import parse
from registry_tool.rules.all_rules import SCHEMA_RULE, judge
from registry_tool.rules.base import Subject, Surroundings, VersionContent
from registry_tool.store import paths
from registry_tool.store.tree import FolderTree, Tree, TreeFile


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found, and how many versions it looked at."""

    findings: tuple[Finding, ...]
    versions: int

    @property
    def refused(self) -> bool:
        """True where something must not be merged."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def to_value(self) -> Object:
        """The JSON shape of SPEC.md §4."""
        return {
            "findings": [finding.to_value() for finding in self.findings],
            "checked": {"versions": self.versions},
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """A version's directory before it is judged."""

    name: str
    version: str
    files: dict[str, VersionContent]

    @property
    def manifest_path(self) -> str:
        """The manifest's path from the registry's root."""
        return f"{paths.version_dir(self.name, self.version)}/{paths.MANIFEST}"


def check(root: Path, *, fix: bool = False) -> CheckResult:
    """Judge every version below `root`; with `fix`, first write missing or stale compiled workflows."""
    tree = FolderTree(root)
    if fix:
        write_compiled(root, tree)
    return check_tree(tree)


def check_tree(tree: Tree) -> CheckResult:
    """Judge every version of a tree."""
    settings = load_settings(tree)
    findings: list[Finding] = []
    subjects: list[tuple[Entry, Subject]] = []
    count = 0
    for entry in entries(tree):
        count += 1
        try:
            subjects.append((entry, subject_of(entry)))
        except FindingsError as refused:
            findings += refused.findings
    source = FixedSource(_candidates(tree, [subject.workflow for _, subject in subjects]))
    around = Surroundings(source, tuple(settings.categories))
    for _, subject in subjects:
        findings += judge(replace(subject, surroundings=around))
    return CheckResult(in_order(findings), count)


def entries(tree: Tree) -> Iterator[Entry]:
    """Every version's directory of a tree, with its files read."""
    found = [(file, paths.version_of(file.path)) for file in tree.files(paths.WORKFLOWS)]
    inside = [(file, place) for file, place in found if place is not None]
    for (name, version), group in groupby(inside, key=lambda pair: pair[1][:2]):
        yield Entry(name, version, {place[2]: _content(tree, file) for file, place in group})


def _content(tree: Tree, file: TreeFile) -> VersionContent:
    return VersionContent(tree.read(file.path), file.mode)


def subject_of(entry: Entry, around: Surroundings | None = None) -> Subject:
    """The subject of a version's directory; `FindingsError` where its manifest does not pass the door."""
    if paths.MANIFEST not in entry.files:
        raise FindingsError(
            [
                Finding(
                    entry.manifest_path,
                    0,
                    0,
                    SCHEMA_RULE,
                    Severity.ERROR,
                    f"the version has no {paths.MANIFEST}",
                )
            ]
        )
    manifest = load(entry.files[paths.MANIFEST].content, entry.manifest_path)
    return Subject(
        manifest, entry.files, around or Surroundings(FixedSource()), entry.name, entry.version
    )


def _candidates(tree: Tree, workflows: list[Workflow]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for workflow in workflows:
        found.setdefault(workflow.name, []).append(
            Candidate(workflow.name, workflow.version, requires=workflow.requires)
        )
    for name, candidates in found.items():
        owners = _owners(tree, name)
        found[name] = sorted(
            (
                replace(c, yanked=owners.blocked(c.version))
                for c in candidates
                if _orderable(c.version)
            ),
            key=lambda c: parse(c.version),
        )
    return found


def _orderable(version: str) -> bool:
    try:
        parse(version)
    except ValueError:
        return False  # the rule `version` says so
    return True


def _owners(tree: Tree, name: str) -> Owners:
    path = paths.owners_file(name)
    try:
        return read_owners(tree.read(path), path)
    except NotFoundError:
        return Owners()


def write_compiled(root: Path, tree: Tree) -> None:
    """Write `workflow.json` beside every manifest that passes the door and lacks its own."""
    for entry in entries(tree):
        try:
            workflow = subject_of(entry).workflow
            compiled = compile_bytes(workflow)
        except RegistryError:
            continue  # the check that follows tells
        old = entry.files.get(paths.COMPILED)
        if old is None or old.content != compiled:
            write_atomic(
                root / paths.version_dir(entry.name, entry.version) / paths.COMPILED, compiled
            )
