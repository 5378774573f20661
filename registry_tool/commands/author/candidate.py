"""A project as the version that it would become, judged by the judge of pull requests.

`validate`, `publish` and `publish --dry-run` judge here, `check-pr` judges what a merge gives: the same function
(`check_pr.judge_trees`), on the facts that each has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from registry_tool.commands.author.base_registry import BaseRegistry
from registry_tool.commands.author.build import published_files
from registry_tool.commands.review.check import CheckResult, NotChecked
from registry_tool.commands.review.rule_contexts import Scope
from registry_tool.commands.review.version_judge import judge_trees
from registry_tool.core.errors import NotFoundError
from registry_tool.core.finding import Finding, FindingsError, in_order
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.dating import DatedManifest, with_dates
from registry_tool.manifest.load import load, read_manifest
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.manifest.owners import OwnerAccount
from registry_tool.rules import layout
from registry_tool.rules.all_rules import judge_files
from registry_tool.rules.change_set import Actor
from registry_tool.rules.file_set import REGULAR_MODE, FileSet, VersionContent
from registry_tool.sources.project import SKIPPED, project_files
from registry_tool.store import paths
from registry_tool.store.changes import ABSENT, Change
from registry_tool.store.overlay_tree import OverlayTree
from registry_tool.store.tree import RegistryTree, blob_id

_LINK = "120000"
_NOREPLY = re.compile(r"(\d{1,18})\+([A-Za-z0-9][A-Za-z0-9-]{0,38})@users\.noreply\.github\.com")
_NO_OWNER = NotChecked(
    ("ownership",),
    "ownership, since nobody knows who you are",
    "publish with --owner and --owner-id",
)


@dataclass(frozen=True, slots=True)
class UnpublishedVersion:
    """A version that is not published: its files as they will stand in its folder. `folder` is the project's."""

    name: str
    version: str
    files: Mapping[str, VersionContent]
    folder: str = ""
    manifest: str = ""
    dated: DatedManifest | None = None

    @property
    def location(self) -> str:
        """Its folder in the registry."""
        return paths.version_dir(self.name, self.version)

    def plain(self) -> dict[str, bytes]:
        """The files' bytes."""
        return {path: content.content for path, content in self.files.items()}

    def with_dates(self, created: str, updated: str) -> UnpublishedVersion:
        """The candidate with the dates that its manifest lacks."""
        dated = with_dates(self.files[paths.MANIFEST].content, created, updated)
        if not dated.filled:
            return replace(self, dated=dated)
        files = {**self.files, paths.MANIFEST: VersionContent(dated.data)}
        compiled = self._compiled(self.files[paths.MANIFEST].content)
        if self.files[paths.COMPILED].content == compiled:  # a stale one stays for its rule
            files[paths.COMPILED] = VersionContent(self._compiled(dated.data))
        return replace(self, files=files, dated=dated)

    def _compiled(self, manifest: bytes) -> bytes:
        return compile_bytes(load(manifest, self.manifest or paths.MANIFEST).workflow)


def candidate_of(project: Path) -> UnpublishedVersion:
    """The version that a project (its folder, or its manifest) would become; `FindingsError` for a broken one."""
    manifest = manifest_of(project)
    folder, shown = manifest.parent, manifest.parent.as_posix()
    shown = "" if shown == "." else shown
    try:
        workflow = load(read_manifest(manifest), str(manifest)).workflow
    except FindingsError:
        plain = {path: VersionContent(data) for path, data in project_files(folder).items()}
        if found := judge_files(FileSet({**plain, **_links(folder)}, shown)):
            raise FindingsError(found) from None
        raise
    files = {**project_files(folder), manifest.name: read_manifest(manifest)}
    files[paths.MANIFEST] = files.pop(manifest.name)
    published = published_files(files, workflow)
    if manifest.name == paths.MANIFEST and paths.COMPILED in files:
        published[paths.COMPILED] = files[paths.COMPILED]  # a version's folder is judged as it is
    contents = {path: VersionContent(data) for path, data in published.items()}
    return UnpublishedVersion(
        workflow.name, workflow.version, {**contents, **_links(folder)}, shown, str(manifest)
    )


def manifest_of(project: Path) -> Path:
    """The manifest of a project: the file itself, or the one in the folder."""
    if project.is_file():
        return project
    for name in (paths.PROJECT_MANIFEST, paths.MANIFEST):
        if (project / name).is_file():
            return project / name
    raise NotFoundError(
        f"there is no {paths.PROJECT_MANIFEST}",
        location=str(project),
        hint="run it in a workflow's folder, or start one with `puppy-cli init NAME`",
    )


def _links(folder: Path) -> dict[str, VersionContent]:
    """Symbolic links, which are published no more than what they lead to; a rule says so."""
    found = {}
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") or part in SKIPPED for part in inside.parts)
        if path.is_symlink() and not hidden:
            found[inside.as_posix()] = VersionContent(b"", _LINK)
    return found


def account_in(email: str) -> OwnerAccount | None:
    """The account in an address like `1001+ada@users.noreply.github.com`, which GitHub gives to everyone."""
    match = _NOREPLY.fullmatch(email)
    return OwnerAccount(match[2], int(match[1])) if match else None


def owners_bytes(owner: OwnerAccount) -> bytes:
    """A first `owners.yaml`."""
    return f"owners:\n  - {{ login: {json.dumps(owner.login)}, id: {owner.id} }}\n".encode()


def judge_candidate(
    ground: BaseRegistry,
    candidate: UnpublishedVersion,
    owner: OwnerAccount | None = None,
    *,
    replay: bool = True,
) -> CheckResult:
    """Every finding on a candidate, at the places in its author's files, and what could not be judged.

    `owner` publishes it, else the account that git's `user.email` names; a new workflow gets their owners' file.
    """
    owner = owner or account_in(ground.account)
    ground = _with_registries(ground, candidate)
    blind = ground.blind | ({"ownership"} if owner is None else frozenset())
    blind -= {"version"} if bad_version(candidate.version) else frozenset()
    changes, after = _laid(ground.tree, candidate, owner)
    found = judge_trees(
        ground.tree,
        after,
        changes,
        ground.settings,
        Actor(owner.id, owner.login) if owner else None,
        scope=Scope(
            ((candidate.name, candidate.version),),
            replay and _can_run(candidate, blind),
            ground.source,
            ground.indexes,
            blind=blind,
        ),
    )
    findings = [_shown(f, candidate) for f in found.findings if not _about_its_folder(f, candidate)]
    ours = () if owner or "ownership" in ground.blind else (_NO_OWNER,)
    others = tuple(one for one in found.not_checked if one.rules != ("ownership",))
    not_checked = (*ground.unknown, *ours, *others)
    return CheckResult(
        in_order(findings),
        found.versions,
        not_checked=not_checked,
        looked=found.looked,
        registry=found.registry,
    )


def _can_run(candidate: UnpublishedVersion, blind: frozenset[str]) -> bool:
    """Whether what its tests call can be had: all of it is known, or it calls nothing."""
    workflow = load(candidate.files[paths.MANIFEST].content, candidate.manifest).workflow
    return not workflow.requires or "dependencies-resolve" not in blind


def _with_registries(ground: BaseRegistry, candidate: UnpublishedVersion) -> BaseRegistry:
    """An API doesn't tell which other registries there are: none that a dependency names is called unknown."""
    if ground.source is None:
        return ground
    workflow = load(candidate.files[paths.MANIFEST].content, candidate.manifest).workflow
    named = {need.registry: "" for need in workflow.requires}
    return replace(ground, settings=replace(ground.settings, registries=named))


def _laid(
    base: RegistryTree, candidate: UnpublishedVersion, owner: OwnerAccount | None
) -> tuple[tuple[Change, ...], RegistryTree]:
    """What changes, and the registry as it would be; of a published version only that it is not the same."""
    written = {
        f"{candidate.location}/{path}": (c.mode, c.content, c.length)
        for path, c in candidate.files.items()
    }
    changed = _changed(base, candidate, written)
    if owner and not base.has(paths.workflow_dir(candidate.name)):
        data = owners_bytes(owner)
        changed[paths.owners_file(candidate.name)] = (REGULAR_MODE, data, len(data))
    changes = tuple(
        Change(
            path,
            base.mode(path) or ABSENT,
            mode,
            base.object_id(path) or "0" * 40,
            blob_id(data),
        )
        for path, (mode, data, _) in sorted(changed.items())
    )
    return changes, OverlayTree(base, {**written, **changed})


def _changed(
    base: RegistryTree, candidate: UnpublishedVersion, written: dict[str, tuple[str, bytes, int]]
) -> dict[str, tuple[str, bytes, int]]:
    there = {file.path for file in base.files(candidate.location)}
    if not there:
        return dict(written)
    same = there == set(written) and all(
        base.read(path) == data for path, (_, data, _) in written.items()
    )
    manifest = f"{candidate.location}/{paths.MANIFEST}"
    return {} if same else {manifest: written[manifest]}


def _about_its_folder(finding: Finding, candidate: UnpublishedVersion) -> bool:
    """Whether a finding is about a wrong name of the folder that a project has not got yet.

    Rules on its manifest say the same; that the folder meets another of the registry, none of them says.
    """
    wrong = {
        candidate.location: bad_version(candidate.version),
        paths.workflow_dir(candidate.name): bad_name(candidate.name),
    }
    return finding.rule == layout.RULE.id and bool(wrong.get(finding.path))


_ABOUT = {
    "immutable": ("metadata", "version"),
    "layout": ("metadata", "version"),
    "tombstones": ("metadata", "version"),
    "look-alike": ("metadata", "name"),
}
"""What an author changes where a rule on folders finds something; it has no place in a manifest."""


def _shown(finding: Finding, candidate: UnpublishedVersion) -> Finding:
    """A finding at its place in the project instead of in the registry, with a line wherever one is known."""
    shown = _moved(finding, candidate)
    route = _ABOUT.get(shown.rule)
    if shown.line or route is None or not candidate.manifest or shown.path != candidate.manifest:
        return shown
    document = load(candidate.files[paths.MANIFEST].content, candidate.manifest).document
    line, column = document.location(route)
    line = candidate.dated.before_filling(line) if candidate.dated else line
    return replace(shown, line=line, column=column)


def _moved(finding: Finding, candidate: UnpublishedVersion) -> Finding:
    """A finding under the path that its file has in the project."""
    inside = finding.path.removeprefix(f"{candidate.location}/")
    if finding.path in {candidate.location, paths.workflow_dir(candidate.name)}:
        return replace(finding, path=candidate.manifest or finding.path)
    if inside == finding.path or not candidate.manifest:
        return finding
    if inside == paths.MANIFEST:
        line = candidate.dated.before_filling(finding.line) if candidate.dated else finding.line
        return replace(finding, path=candidate.manifest, line=line)
    path = Path(candidate.folder, inside)
    if inside == paths.README and not path.is_file():
        path = Path(candidate.folder, "README.md")
    return replace(finding, path=path.as_posix())
