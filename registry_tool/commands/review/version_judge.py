"""Judges the new versions of a merge result against its base, in a confined process where that is wanted."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.commands.review.acceptance import (
    NOTHING_ACCEPTED,
    Acceptance,
)
from registry_tool.commands.review.change_set import facts_of
from registry_tool.commands.review.check import (
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
from registry_tool.commands.review.pr_result import PrResult
from registry_tool.commands.review.rule_contexts import RuleContexts, Scope
from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import Finding, FindingsError, in_order
from registry_tool.manifest.positions import locate
from registry_tool.rules import layout, ownership
from registry_tool.rules.all_rules import (
    CHANGE_RULES,
    SCHEMA_RULE,
    judge,
    judge_changes,
    judge_files,
    judge_tests,
    looked,
    refused,
)
from registry_tool.rules.base import Subject
from registry_tool.rules.change_set import Actor, ChangeSet, on_path
from registry_tool.rules.file_set import FileSet
from registry_tool.rules.named_people import claimed_author
from registry_tool.runtime.confined import Confined
from registry_tool.runtime.replay import Replayer
from registry_tool.sources.commit import TreeSource
from registry_tool.sources.commit_program import program_from_tree
from registry_tool.store import paths
from registry_tool.store.changes import Change
from registry_tool.store.tree import RegistryTree


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
    judge_ = VersionJudge(before, after, settings, facts.change_set, scope or Scope())
    findings = [*facts.findings, *judge_changes(facts.change_set)]
    return judge_.result(findings, acceptance)


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


CHANGES_ALONE = frozenset(rule.id for rule in CHANGE_RULES)
UNBOUNDED = NotChecked(
    (),
    "how much time and memory judging takes, since this system knows no limits for a process",
    "check strangers' requests on Linux or macOS",
    warns=True,
)


class VersionJudge:
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
        self._before, self.after = before, after
        self._source, self._published = TreeSource(after), TreeSource(before)
        self._indexes = TreeSource(scope.indexes) if scope.indexes else self._published
        self.settings, self._changes = settings, changes
        self._contexts = RuleContexts(before, after, settings, scope)

    def result(self, findings: list[Finding], acceptance: Acceptance) -> PrResult:
        fresh, blind = self._fresh(), self._scope.blind
        findings = [finding for finding in findings if finding.rule not in blind]
        confined = self._confined(refused(findings)) if fresh else None
        replayer = Replayer(confined) if confined and self._scope.replay else None
        bounded = True
        try:
            subjects: list[Subject] = []
            apart = self._apart(confined, fresh)
            bounded = apart.bounded
            for name, version in fresh:
                subject, found = self._version(name, version, apart.by_version.get((name, version)))
                findings += [finding for finding in found if finding.rule not in blind]
                subjects += [subject] if subject else []
            if replayer and not refused(findings):
                subjects = self._replayed(subjects, replayer)
                findings += [finding for subject in subjects for finding in judge_tests(subject)]
        finally:
            if confined:
                confined.close()
        read = {(subject.name, subject.version) for subject in subjects}
        unread = tuple(
            f"{name}:{version}" for name, version in fresh if (name, version) not in read
        )
        found = in_order(findings)
        return PrResult(
            found,
            len(fresh),
            tuple(subjects),
            unread,
            self._changes.changes,
            acceptance.keys(self.settings),
            acceptance.queued,
            self._text,
            not_checked=(
                *(() if self._changes.actor is not None else (WITHOUT_ACTOR,)),
                *(() if self._scope.replay else (UNTESTED,)),
                *(() if bounded else (UNBOUNDED,)),
            ),
            looked=looked(found, unread=bool(unread)) if fresh else CHANGES_ALONE,
            registry=self.settings.url,
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
            return self.after.read(path).decode()
        except (RegistryError, UnicodeDecodeError):
            return None

    def _confined(self, refused_already: bool) -> Confined | None:
        """The process in which versions are judged or replayed, where there is something for it to do."""
        if self._scope.sides:
            return self._scope.start("judge")
        return self._scope.start("replay") if self._scope.replay and not refused_already else None

    def _apart(self, confined: Confined | None, fresh: list[tuple[str, str]]) -> JudgedVersions:
        """The versions' judgements by the confined process; none where they are judged here."""
        if confined is None or self._scope.sides is None:
            return JudgedVersions({})
        request = JudgeRequest(*self._scope.sides, self._changes.actor, tuple(fresh))
        return judged_apart(confined, request, self._largest)

    def _largest(self, folder: str) -> str:
        return max(
            (file.path for file in self.after.files(folder)),
            key=lambda path: (self.after.size(path), path),
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
        files = version_files(self.after, folder, list(self.after.files(folder)))
        subject = subject_of(VersionFolder(name, version, files), self._contexts.of(name, version))
        return subject, judged.findings

    def judge(
        self, name: str, version: str, begins: Callable[[str], object] = str
    ) -> tuple[Subject | None, tuple[Finding, ...]]:
        """Judge a version in this process; `begins` is called with each rule before it runs."""
        folder = paths.version_dir(name, version)
        files = version_files(self.after, folder, list(self.after.files(folder)))
        listed = (name, version) in self._scope.versions
        hidden = () if listed else self._unlisted(folder, files)
        found = judge_files(FileSet(files, folder)) or hidden
        if found:
            return None, found
        begins(SCHEMA_RULE)
        try:
            subject = subject_of(
                VersionFolder(name, version, files), self._contexts.of(name, version)
            )
        except FindingsError as error:
            return None, error.findings
        return subject, (*judge(subject, begins), *self._claimed_author(subject))

    def _claimed_author(self, subject: Subject) -> list[Finding]:
        """Asked of what is new, where the version below it doesn't name the same author."""
        author, previous = subject.workflow.metadata.author, subject.context.previous
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
        own = {subject.workflow.reference for subject in subjects}
        fine = [
            (label, program) for label, program in programs if label in own and went[label].fine
        ]
        canaries = replayer.plant(fine) if fine and self._scope.planting else {}
        return [
            replace(
                subject,
                context=replace(
                    subject.context,
                    replayed=went[subject.workflow.reference],
                    canaries=canaries.get(subject.workflow.reference),
                    dependents=replayed_dependents(
                        self._published, waiting[subject.workflow.reference], went
                    ),
                ),
            )
            for subject in subjects
        ]
