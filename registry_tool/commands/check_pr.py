"""`registry-tool check-pr`: judges the result of merging a branch, from git's objects alone.

The cost is that of the difference: only touched versions are read, and of others just those that they require.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from registry_tool.catalogue.load import load_settings
from registry_tool.commands.check import CheckResult, Entry, subject_of
from registry_tool.commands.tree_source import TreeSource
from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import Finding, FindingsError, in_order
from registry_tool.manifest.model import Workflow
from registry_tool.rules.all_rules import CHANGE_RULES, judge
from registry_tool.rules.base import Surroundings, VersionContent
from registry_tool.rules.change_set import ChangeSet
from registry_tool.store import paths
from registry_tool.store.changes import changes_between, merged
from registry_tool.store.git import Repository
from registry_tool.store.git_tree import GitTree


@dataclass(frozen=True)
class PrResult(CheckResult):
    """The findings, the new versions that could be read, and the one before each (None for the first)."""

    new: tuple[tuple[Workflow, Workflow | None], ...] = ()


def check_pr(folder: Path, base: str, head: str = "HEAD") -> PrResult:
    """Judge merging `head` into `base`; `RegistryError` where git can't merge them."""
    return check_merge(Repository(folder), base, head)


def check_merge(repository: Repository, base: str, head: str) -> PrResult:
    """The same for an open repository, whose `calls` tell the cost."""
    base_commit, head_commit = repository.commit(base), repository.commit(head)
    merge = merged(repository, base_commit, head_commit)
    if merge.conflicts or not merge.tree:
        raise RegistryError(
            f"the branch conflicts with {base} in {', '.join(merge.conflicts[:5]) or 'some files'}",
            place=repository.place,
            way_out=f"merge {base} into it, or start again from there",
        )
    before, after = GitTree(repository, base_commit), GitTree(repository, merge.tree)
    changes = changes_between(repository, base_commit, merge.tree)
    touched = ChangeSet(changes).versions()
    published = {place for place in touched if any(before.files(paths.version_dir(*place)))}
    findings = [
        finding for rule in CHANGE_RULES for finding in rule.check(ChangeSet(changes, published))
    ]
    judge_ = _Judge(before, after)
    fresh = [place for place in touched if place not in published]
    for name, version in fresh:
        findings += judge_.version(name, version)
    return PrResult(in_order(findings), len(fresh), tuple(judge_.new))


class _Judge:
    """Judges new versions of a merge result against its base."""

    def __init__(self, before: GitTree, after: GitTree) -> None:
        self._before, self._after = before, after
        self._source = TreeSource(after)
        self._published = TreeSource(before)
        self._settings = load_settings(before)
        self.new: list[tuple[Workflow, Workflow | None]] = []

    def version(self, name: str, version: str) -> tuple[Finding, ...]:
        """Findings on one new version."""
        folder = paths.version_dir(name, version)
        files = {
            file.path.removeprefix(f"{folder}/"): VersionContent(
                self._after.read(file.path), file.mode
            )
            for file in self._after.files(folder)
        }
        line = self._published.versions(name)
        around = Surroundings(
            self._source, tuple(self._settings.categories), tuple(c.version for c in line)
        )
        try:
            subject = subject_of(Entry(name, version, files), around)
        except FindingsError as refused:
            return refused.findings
        self.new.append((subject.workflow, self._latest(name)))
        return judge(subject)

    def _latest(self, name: str) -> Workflow | None:
        line = self._published.versions(name)
        if not line:
            return None
        from registry_tool.core.files import parse_json
        from registry_tool.manifest.load import workflow_from
        from registry_tool.resolver.latest import latest

        number = latest([c.version for c in line], {c.version for c in line if c.yanked})
        path = f"{paths.version_dir(name, number)}/{paths.COMPILED}"
        return workflow_from(parse_json(self._before.read(path), place=path), path)
