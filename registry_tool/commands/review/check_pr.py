"""`registry-tool check-pr`: judges the result of merging a branch, from git's objects alone.

The cost is that of the difference: only touched versions are read, and of others just those that they require or
that require them. Nothing is checked out, and what is run (recorded tests) is run in a confined process.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

from registry_tool.catalogue.index_branch import indexes_tree
from registry_tool.catalogue.load import load_settings
from registry_tool.catalogue.model import RegistrySettings
from registry_tool.commands.review.acceptance import (
    LABEL_DIGITS,
    LABEL_HEAD,
    NOTHING_ACCEPTED,
    Acceptance,
)
from registry_tool.commands.review.change_set import facts_of
from registry_tool.commands.review.check import (
    CheckResult,
    NotChecked,
    VersionFolder,
    subject_of,
    version_files,
)
from registry_tool.commands.review.dependents import (
    PendingDependent,
    dependents_of,
    replayed_dependents,
)
from registry_tool.commands.review.judge import Judged, JudgedVersions, JudgeRequest, judged_apart
from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import Finding, FindingsError, Severity, in_order
from registry_tool.core.values import Object
from registry_tool.manifest.names import bad_version
from registry_tool.manifest.positions import locate
from registry_tool.resolver.bump import predecessor
from registry_tool.resolver.candidates import Source
from registry_tool.resolver.version import parse
from registry_tool.rules import dependents, layout, look_alike, ownership
from registry_tool.rules.all_rules import (
    SCHEMA_RULE,
    judge,
    judge_changes,
    judge_files,
    judge_tests,
    refused,
)
from registry_tool.rules.base import RuleContext, Subject
from registry_tool.rules.change_set import Actor, ChangeSet, on_path
from registry_tool.rules.file_set import MAX_BYTES, FileSet
from registry_tool.rules.named_people import claimed_author
from registry_tool.runtime.confined import Confined
from registry_tool.runtime.replay import Replayer
from registry_tool.sources.commit import TreeSource
from registry_tool.sources.commit_program import program_from_tree
from registry_tool.store import paths
from registry_tool.store.changes import Change, changes_between, merged
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.repository import NO_COMMIT, Repository
from registry_tool.store.tree import RegistryTree
from registry_tool.store.tree_flaws import TreeFlaw, tree_flaws

PASSED, HELD, REFUSED = "passed", "held", "refused"
_ON_OTHERS = frozenset({look_alike.RULE.id, dependents.RULE.id})
"""Rules that hold a request for what others have merged: what passed before may be held in a merge queue."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What was judged, by git's ids: the tree of the merge result, and the commits head and base."""

    tree: str
    head: str
    base: str


@dataclass(frozen=True)
class PrResult(CheckResult):
    """The findings, the new versions that could be read, and the changes that were judged.

    `unread` are references of new ones that could not be read; `accepted` are the keys that a maintainer has
    accepted; `queued` tells that a merge queue asks, which takes only what has passed before; `sides` are the
    commits that were judged (None: folders were); `text` gives a file of the merge result.
    """

    new: tuple[Subject, ...] = ()
    unread: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    accepted: frozenset[str] = frozenset()
    queued: bool = False
    text: Callable[[str], str | None] = field(default=lambda _: None, repr=False)
    sides: Sides | None = None

    @cached_property
    def key(self) -> str:
        """The label that accepts what is held, empty if nothing is: the head commit's first digits and 128 bits.

        The bits are a hash over the merge result's tree, head and base, so a label that was set for one commit
        fits no other. Findings are not in it: which event asks (a push, a review, a label) may change them.
        """
        held = [f for f in self.findings if f.severity is Severity.HOLD]
        if self.queued:
            held = [f for f in held if f.rule in _ON_OTHERS]
        if not held:
            return ""
        sides = self.sides or Sides("", NO_COMMIT, "")
        sealed = {
            "sides": [sides.tree, sides.head, sides.base],
            "changes": [[c.path, c.new_mode, c.new_blob] for c in self.changes],
        }
        digest = hashlib.sha256(json.dumps(sealed, sort_keys=True).encode()).hexdigest()
        return f"accept-{sides.head[:LABEL_HEAD]}-{digest[:LABEL_DIGITS]}"

    @property
    def verdict(self) -> str:
        """passed; held, where a human must decide; refused."""
        if self.refused:
            return REFUSED
        return HELD if self.key and self.key not in self.accepted else PASSED

    def to_value(self) -> Object:
        """The JSON shape of SPEC.md §4, with the verdict and the label that lets a held request through."""
        return {**super().to_value(), "verdict": self.verdict, "label": self.key or None}


def check_pr(
    folder: Path,
    base: str,
    head: str = "HEAD",
    *,
    actor: Actor | None = None,
    acceptance: Acceptance = NOTHING_ACCEPTED,
) -> PrResult:
    """Judge merging `head` into `base`; `RegistryError` where git can't merge them."""
    scope = Scope(confined=True)
    return check_merge(
        Repository(folder), base, head, actor=actor, acceptance=acceptance, scope=scope
    )


def check_merge(  # noqa: PLR0913 - two sides, who asks, what is accepted, how far
    repository: Repository,
    base: str,
    head: str,
    *,
    actor: Actor | None = None,
    acceptance: Acceptance = NOTHING_ACCEPTED,
    scope: Scope | None = None,
) -> PrResult:
    """The same for an open repository, whose `calls` tell the cost."""
    base_commit, head_commit = repository.commit(base), repository.commit(head)
    try:
        merge = merged(repository, base_commit, head_commit)
    except GitError:
        if flaws := tree_flaws(repository, base_commit, head_commit):
            return _flawed(flaws, actor)
        raise
    if merge.conflicts or not merge.tree:
        raise RegistryError(
            f"the branch conflicts with {base} in {', '.join(merge.conflicts[:5]) or 'some files'}",
            place=repository.place,
            way_out=f"merge {base} into it, or start again from there",
        )
    if flaws := tree_flaws(repository, base_commit, merge.tree):
        return _flawed(flaws, actor)
    before, after = GitTree(repository, base_commit), GitTree(repository, merge.tree)
    changes = changes_between(repository, base_commit, merge.tree)
    wide = replace(scope or Scope(), indexes=indexes_tree(repository, before))
    if wide.confined:
        wide = replace(wide, sides=(repository.place, base_commit, merge.tree))
    settings = load_settings(before)
    result = judge_trees(before, after, changes, settings, actor, acceptance, wide)
    return replace(result, sides=Sides(merge.tree, head_commit, base_commit))


def _flawed(flaws: tuple[TreeFlaw, ...], actor: Actor | None) -> PrResult:
    """Trees that two readers may read differently: nothing else of them is believed, so nothing else is judged."""
    return PrResult(
        judge_changes(ChangeSet((), actor=actor, flaws=flaws)), 0, not_checked=(ONLY_THE_TREES,)
    )


def judge_trees(  # noqa: PLR0913, PLR0917 - two sides, what differs, and who asks
    before: RegistryTree,
    after: RegistryTree,
    changes: tuple[Change, ...],
    settings: RegistrySettings,
    actor: Actor | None = None,
    acceptance: Acceptance = NOTHING_ACCEPTED,
    scope: Scope | None = None,
) -> PrResult:
    """Judge what a change makes of a registry: the one judge of `validate`, `publish` and `check-pr`."""
    facts = facts_of(changes, before, after, settings, actor)
    judge_ = _Judge(before, after, settings, facts.change_set, scope or Scope())
    findings = [*facts.findings, *judge_changes(facts.change_set)]
    return judge_.result(findings, acceptance)


@dataclass(frozen=True, slots=True)
class Scope:
    """How far is judged. `versions` are judged even where the base has them; without `replay` no test is run.

    `source` knows the versions that can be required better than the trees do, `indexes` holds generated documents
    where the base doesn't. With `confined`, versions are judged in a process of its own, which reads `sides` (a
    repository's folder, a commit and a tree) itself.
    """

    versions: tuple[tuple[str, str], ...] = ()
    replay: bool = True
    source: Source | None = None
    indexes: RegistryTree | None = None
    confined: bool = False
    sides: tuple[str, str, str] | None = None


WITHOUT_ACTOR = NotChecked(
    ("ownership",),
    "ownership, since nobody knows who asks",
    "give --actor-id",
)
ONLY_THE_TREES = NotChecked(
    (),
    "anything else, since the tree objects can't be trusted",
    "make the commit again with plain git",
)
UNTESTED = NotChecked(
    ("tests-pass", "dependents"),
    "whether the tests pass",
    "run `puppy-cli test`",
)


UNBOUNDED = NotChecked(
    (),
    "how much time and memory judging takes, since this system knows no limits for a process",
    "check strangers' requests on Linux or macOS",
    warns=True,
)


def judge_in_git(
    request: JudgeRequest, name: str, version: str, begins: Callable[[str], object]
) -> tuple[Subject | None, tuple[Finding, ...]]:
    """Judge one version of a request, in the process that calls this (the confined one)."""
    return _judge_of(request).judge(name, version, begins)


@cache
def _judge_of(request: JudgeRequest) -> _Judge:
    repository = Repository(Path(request.place))
    before, after = GitTree(repository, request.before), GitTree(repository, request.after)
    changes = changes_between(repository, request.before, request.after)
    settings = load_settings(before)
    facts = facts_of(changes, before, after, settings, request.actor)
    return _Judge(before, after, settings, facts.change_set, Scope())


class _Judge:
    """Judges new versions of a merge result against its base."""

    def __init__(
        self,
        before: RegistryTree,
        after: RegistryTree,
        settings: RegistrySettings,
        changes: ChangeSet,
        scope: Scope,
    ) -> None:
        self._scope = scope
        self._before, self._after = before, after
        self._source, self._published = TreeSource(after), TreeSource(before)
        self._indexes = TreeSource(scope.indexes) if scope.indexes else self._published
        self._settings, self._changes = settings, changes

    def result(self, findings: list[Finding], acceptance: Acceptance) -> PrResult:
        fresh = self._fresh()
        confined = self._confined(refused(findings)) if fresh else None
        replayer = Replayer(confined) if confined and self._scope.replay else None
        bounded = True
        try:
            subjects: list[Subject] = []
            apart = self._apart(confined, fresh)
            bounded = apart.bounded
            for name, version in fresh:
                subject, found = self._version(name, version, apart.by_version.get((name, version)))
                findings += found
                subjects += [subject] if subject else []
            if replayer and not refused(findings):
                subjects = self._replayed(subjects, replayer)
                findings += [finding for subject in subjects for finding in judge_tests(subject)]
        finally:
            if confined:
                confined.close()
        read = {(subject.name, subject.version) for subject in subjects}
        return PrResult(
            in_order(findings),
            len(fresh),
            tuple(subjects),
            tuple(f"{name}:{version}" for name, version in fresh if (name, version) not in read),
            self._changes.changes,
            acceptance.keys(self._settings),
            acceptance.queued,
            self._text,
            not_checked=(
                *(() if self._changes.actor is not None else (WITHOUT_ACTOR,)),
                *(() if self._scope.replay else (UNTESTED,)),
                *(() if bounded else (UNBOUNDED,)),
            ),
        )

    def _fresh(self) -> list[tuple[str, str]]:
        """The new versions, and those that are to be judged all the same."""
        new = [
            (name, version)
            for name, version in self._changes.versions()
            if version in self._changes.lines[name].now
            and not self._changes.is_published(name, version)
        ]
        return list(dict.fromkeys((*new, *self._scope.versions)))

    def _text(self, path: str) -> str | None:
        """A file of the merge result, for the report."""
        try:
            return self._after.read(path).decode()
        except (RegistryError, UnicodeDecodeError):
            return None

    def _confined(self, refused_already: bool) -> Confined | None:
        """The process in which versions are judged or replayed, where there is something for it to do."""
        if self._scope.sides:
            return Confined("judge")
        return Confined("replay") if self._scope.replay and not refused_already else None

    def _apart(self, confined: Confined | None, fresh: list[tuple[str, str]]) -> JudgedVersions:
        """The versions' judgements by the confined process; none where they are judged here."""
        if confined is None or self._scope.sides is None:
            return JudgedVersions({})
        request = JudgeRequest(*self._scope.sides, self._changes.actor, tuple(fresh))
        return judged_apart(confined, request, self._largest)

    def _largest(self, folder: str) -> str:
        return max(
            (file.path for file in self._after.files(folder)),
            key=lambda path: (self._after.size(path), path),
        )

    def _version(
        self, name: str, version: str, judged: Judged | None
    ) -> tuple[Subject | None, tuple[Finding, ...]]:
        """One new version's subject, where it can be read, and the findings on it."""
        if judged is None:
            return self.judge(name, version)
        if not judged.readable:
            return None, judged.findings
        folder = paths.version_dir(name, version)
        files = version_files(self._after, folder, list(self._after.files(folder)))
        subject = subject_of(VersionFolder(name, version, files), self._around(name, version))
        return subject, judged.findings

    def judge(
        self, name: str, version: str, begins: Callable[[str], object] = str
    ) -> tuple[Subject | None, tuple[Finding, ...]]:
        """Judge a version in this process; `begins` is told each rule before it looks."""
        folder = paths.version_dir(name, version)
        files = version_files(self._after, folder, list(self._after.files(folder)))
        listed = (name, version) in self._scope.versions
        hidden = () if listed else self._unlisted(folder, files)
        found = judge_files(FileSet(files, folder)) or hidden
        if found:
            return None, found
        begins(SCHEMA_RULE)
        try:
            subject = subject_of(VersionFolder(name, version, files), self._around(name, version))
        except FindingsError as error:
            return None, error.findings
        return subject, (*judge(subject, begins), *self._claimed_author(subject))

    def _claimed_author(self, subject: Subject) -> list[Finding]:
        """Asked of what is new, where the version below it doesn't name the same author."""
        author, previous = subject.workflow.metadata.author, subject.surroundings.previous
        if not subject.is_addition or (previous and previous.metadata.author == author):
            return []
        problems = claimed_author(self._changes, subject.name, author)
        return locate(problems, ownership.RULE.id, subject.manifest.document)

    def _unlisted(self, folder: str, files: Collection[str]) -> tuple[Finding, ...]:
        """What git's own diff shows must be what is judged: no file may hide in an odd tree object."""
        start = len(folder) + 1
        shown = {c.path[start:] for c in self._changes.changes if c.path.startswith(f"{folder}/")}
        odd = sorted(shown.symmetric_difference(files))
        help_ = "make the commit again with plain git"
        return tuple(
            on_path(
                layout.RULE.id, f"{folder}/{path}", "the file is hidden by a malformed tree", help_
            )
            for path in odd
        )

    def _around(self, name: str, version: str) -> RuleContext:
        numbers = self._before.folders(paths.workflow_dir(name))
        was = (*(n for n in numbers if not bad_version(n)), *self._beside(name, version, numbers))
        below = "" if bad_version(version) else predecessor(version, was)
        old = self._before if below in numbers else self._after
        return RuleContext(
            self._scope.source or self._source,
            tuple(self._settings.categories),
            tuple(self._settings.registries),
            was,
            (self._published if old is self._before else self._source).workflow(name, below)
            if below
            else None,
            bool(below) and self._other_resources(old, name, below, version),
            _answers(old, name, below) if below else b"",
            thorough=True,
            public=not self._settings.access.private,
            addition=version not in numbers or (name, version) not in self._scope.versions,
            policy=self._settings.publish_policy,
            workflow_of=lambda c: self._source.workflow(c.name, c.version),
        )

    def _beside(self, name: str, version: str, published: Collection[str]) -> list[str]:
        """What the same change brings of a workflow that is no higher: a version is judged against that, too."""
        if bad_version(version):
            return []
        fresh = {*self._after.folders(paths.workflow_dir(name))} - {*published, version}
        return sorted(n for n in fresh if not bad_version(n) and not parse(version) < parse(n))

    def _other_resources(self, below_in: RegistryTree, name: str, below: str, version: str) -> bool:
        """Whether a version's resources are others than those of the one below it."""
        old, new = (f"{paths.version_dir(name, n)}/{paths.RESOURCES}" for n in (below, version))
        if below_in.object_id(old) == self._after.object_id(new):
            return False
        return _contents(below_in, old) != _contents(self._after, new)

    def _replayed(self, subjects: list[Subject], replayer: Replayer) -> list[Subject]:
        """The subjects with how their tests and those of their dependents went."""
        programs = []
        waiting: dict[str, list[PendingDependent]] = {}
        for subject in subjects:
            reference = subject.workflow.reference
            programs.append(
                (reference, program_from_tree(self._source, subject.name, subject.version))
            )
            waiting[reference] = dependents_of(self._indexes, self._source, subject.workflow)
            programs += [(w.label, w.program) for w in waiting[reference] if w.program]
        went = replayer.replay(programs)
        return [
            replace(
                subject,
                surroundings=replace(
                    subject.surroundings,
                    replayed=went[subject.workflow.reference],
                    dependents=replayed_dependents(
                        self._published, waiting[subject.workflow.reference], went
                    ),
                ),
            )
            for subject in subjects
        ]


def _answers(tree: RegistryTree, name: str, version: str) -> bytes:
    path = f"{paths.version_dir(name, version)}/{paths.CASSETTES}"
    return tree.read(path) if tree.object_id(path) else b""


def _contents(tree: RegistryTree, folder: str) -> dict[str, tuple[str, bytes]]:
    """Every file below a folder by its path inside: mode and bytes."""
    return {
        file.path[len(folder) :]: (
            file.mode,
            tree.read(file.path) if tree.size(file.path) <= MAX_BYTES else b"",
        )
        for file in tree.files(folder)
    }
