"""`registry-tool check`: every version of a registry against every rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from registry_tool.catalogue.load import load_settings
from registry_tool.commands.review.owners_text import text_findings
from registry_tool.commands.review.tree_versions import FolderVersions, ListedVersions, TreeVersions
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import write_atomic
from registry_tool.core.finding import Finding, FindingsError, Severity, in_order
from registry_tool.core.values import Object, Value
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.load import load
from registry_tool.manifest.owners import load_owners
from registry_tool.manifest.source import MAX_BYTES as MAX_DOCUMENT
from registry_tool.resolver.candidates import FixedSource
from registry_tool.rules import layout, version_number
from registry_tool.rules.all_rules import SCHEMA_RULE, judge, judge_files, looked
from registry_tool.rules.base import RuleContext, Subject
from registry_tool.rules.change_set import on_path
from registry_tool.rules.file_set import (
    MAX_BYTES,
    MAX_FILES,
    REGULAR_MODE,
    FileSet,
    VersionContent,
)
from registry_tool.store import paths
from registry_tool.store.tree import FolderTree, RegistryTree, Tree, TreeFile


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Rules that could not be judged: a sentence that says what and why, and what to do about it.

    `warns` says what is a surprise from what always is so.
    """

    rules: tuple[str, ...]
    reason: str
    help: str = ""
    warns: bool = False

    def __str__(self) -> str:
        return f"{self.reason} ({self.help})" if self.help else self.reason

    def to_value(self) -> Object:
        """As JSON."""
        return {"rules": list[Value](self.rules), "reason": self.reason, "help": self.help}


@dataclass(frozen=True)
class CheckResult:
    """What a check found, how many versions it looked at by which rules, and what it could not judge.

    `registry` is the address that the registry's settings give; its site explains every rule.
    """

    findings: tuple[Finding, ...]
    versions: int
    not_checked: tuple[NotChecked, ...] = field(default=(), kw_only=True)
    looked: frozenset[str] = field(default=frozenset(), kw_only=True)
    registry: str = field(default="", kw_only=True)

    @property
    def checks(self) -> frozenset[str]:
        """The rules whose silence means something: they looked, and knew what they need to know."""
        return self.looked - {rule for one in self.not_checked for rule in one.rules}

    @property
    def refused(self) -> bool:
        """True where something must not be merged."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def to_value(self) -> Object:
        """The JSON shape of SPEC.md §4."""
        return {
            "findings": [finding.to_value() for finding in self.findings],
            "checked": {"versions": self.versions, "rules": len(self.checks)},
            **(
                {"not_checked": [n.to_value() for n in self.not_checked]}
                if self.not_checked
                else {}
            ),
        }


@dataclass(frozen=True, slots=True)
class VersionFolder:
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
    listed = list(tree.files(paths.WORKFLOWS))
    return _judged(tree, listed, listed, ListedVersions(tree, listed))


def check_versions(
    tree: RegistryTree, versions: Collection[tuple[str, str]], names: Collection[str]
) -> CheckResult:
    """Judge the named versions, and what lies beside those of the named workflows; nothing else is read."""
    folders = sorted({name for name, _ in versions} | set(names))
    beside = [file for name in folders for file in tree.files(paths.workflow_dir(name))]
    inside = [f for f in beside if (found := paths.version_of(f.path)) and found[:2] in versions]
    return _judged(tree, beside, inside, FolderVersions(tree))


def _judged(
    tree: Tree, beside: Sequence[TreeFile], inside: Sequence[TreeFile], source: TreeVersions
) -> CheckResult:
    """Judge the versions whose files are `inside`, in a registry with the files `beside` them."""
    settings = load_settings(tree)
    findings = list(_beside(tree, beside))
    around = RuleContext(
        source,
        tuple(settings.categories),
        tuple(settings.registries),
        public=not settings.access.private,
        policy=settings.publish_policy,
        workflow_of=source.workflow,
    )
    count = 0
    for entry in entries(tree, inside):
        count += 1
        findings += judge_entry(entry, around)
    found = in_order(findings)
    known = looked(found, changes=False, tests=False)
    return CheckResult(found, count, looked=known, registry=settings.url)


def judge_entry(entry: VersionFolder, around: RuleContext) -> tuple[Finding, ...]:
    """Every finding on one version: on its files first, then as a manifest, then by the rules."""
    if found := judge_files(FileSet(entry.files, paths.version_dir(entry.name, entry.version))):
        return found
    try:
        return judge(subject_of(entry, around))
    except FindingsError as refused:
        return refused.findings


def _beside(tree: Tree, listed: Sequence[TreeFile]) -> Iterator[Finding]:
    """What is wrong beside the versions: misplaced files, broken owners' files, versions of one precedence."""
    for file in listed:
        if wrong := layout.misplaced(file.path, file.mode):
            yield wrong
        elif file.path == paths.owners_file(paths.workflow_of(file.path)):
            yield from _owners_findings(tree, file)
    yield from _of_one_precedence(listed)


def _of_one_precedence(listed: Sequence[TreeFile]) -> Iterator[Finding]:
    """Versions of a workflow that differ in build metadata only: no range could choose between them."""
    folders = {version[:2] for file in listed if (version := paths.version_of(file.path))}
    plain: dict[tuple[str, str], list[str]] = {}
    for name, number in sorted(folders):
        plain.setdefault((name, number.split("+", 1)[0]), []).append(number)
    for (name, _), (first, *others) in plain.items():
        for other in others:
            reason = f"{name}:{other} and {first} have the same precedence"
            help_ = "take one of them away: build metadata does not order versions"
            yield on_path(version_number.RULE.id, paths.version_dir(name, other), reason, help_)


def _owners_findings(tree: Tree, file: TreeFile) -> Iterator[Finding]:
    if tree.size(file.path) > MAX_DOCUMENT:
        yield on_path(layout.RULE.id, file.path, "the file is too large", "shorten it")
        return
    try:
        yield from text_findings(load_owners(tree.read(file.path), file.path).document)
    except FindingsError as refused:
        yield from refused.findings


def entries(tree: Tree, listed: Sequence[TreeFile] | None = None) -> Iterator[VersionFolder]:
    """Every version's directory of a tree, with its files read; `listed` are its files, if they are known."""
    files = tree.files(paths.WORKFLOWS) if listed is None else listed
    found = [(file, paths.version_of(file.path)) for file in files]
    inside = [(file, location) for file, location in found if location is not None]
    for (name, version), group in groupby(inside, key=lambda pair: pair[1][:2]):
        folder = paths.version_dir(name, version)
        yield VersionFolder(name, version, version_files(tree, folder, [file for file, _ in group]))


def version_files(tree: Tree, folder: str, listed: Sequence[TreeFile]) -> dict[str, VersionContent]:
    """A version's files by path inside it; nothing is read of one that is too large or holds more than files."""
    start = len(folder) + 1
    if len(listed) > MAX_FILES:
        return {file.path[start:]: VersionContent(b"", file.mode) for file in listed}
    sizes = {file.path: tree.size(file.path) for file in listed}
    fits = sum(sizes.values()) <= MAX_BYTES
    return {
        file.path[start:]: VersionContent(
            tree.read(file.path) if fits and file.mode == REGULAR_MODE else b"",
            file.mode,
            sizes[file.path],
        )
        for file in listed
    }


def subject_of(entry: VersionFolder, around: RuleContext | None = None) -> Subject:
    """The subject of a version's directory; `FindingsError` where its manifest can't be loaded."""
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
        manifest, entry.files, around or RuleContext(FixedSource()), entry.name, entry.version
    )


def write_compiled(root: Path, tree: Tree) -> None:
    """Write `workflow.json` beside every manifest that can be loaded and lacks its own."""
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
