"""What a judged pull request releases, and whether it does anything beside that."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.catalogue.auto_merge import NEW_NAME
from registry_tool.catalogue.score import score_of
from registry_tool.commands.review.auto_merge.decision import JudgedMerge, Release
from registry_tool.commands.review.pr_result import PrResult
from registry_tool.core.finding import Severity
from registry_tool.manifest.names import bad_version
from registry_tool.manifest.recorded import CASSETTES, recorded_models
from registry_tool.resolver.bump import predecessor
from registry_tool.resolver.version import bump_between, parse
from registry_tool.rules.base import Subject
from registry_tool.store import paths

CONFLICT = JudgedMerge("refused", conflict=True)
"""What git can't merge."""
_BEFORE_ONE = {"minor": "major", "patch": "minor"}


def judged_merge(result: PrResult) -> JudgedMerge:
    """The verdict without any label, with what is needed to tell whether it is routine."""
    releases = tuple(map(_release, result.new))
    blocking = [f for f in result.findings if f.severity in {Severity.ERROR, Severity.HOLD}]
    return JudgedMerge(
        result.verdict,
        tuple(dict.fromkeys(finding.rule for finding in blocking)),
        releases,
        beside=any(_beside(result)),
        unchecked=tuple(one.reason for one in result.not_checked) + result.unread,
    )


def _release(subject: Subject) -> Release:
    readme = subject.files.get(paths.README)
    cassettes = subject.files.get(CASSETTES)
    score = score_of(
        subject.workflow,
        readme.content.decode(errors="replace") if readme else "",
        recorded=bool(recorded_models(cassettes.content) if cassettes else ()),
    )
    return Release(subject.name, subject.version, _bump(subject), score.total)


def _bump(subject: Subject) -> str:
    """As ranges take it: before 1.0.0 a patch may add, and a minor release may break."""
    if not subject.context.published:
        return NEW_NAME
    known = [number for number in subject.context.published if not bad_version(number)]
    below = predecessor(subject.version, known)
    if not below:
        return "major"  # nothing that it can be compared with
    bump = bump_between(below, subject.version)
    return _BEFORE_ONE.get(bump, bump) if parse(below).release[0] == 0 else bump


def _beside(result: PrResult) -> Iterator[bool]:
    """True for each changed path that is neither a released version's nor the owners' file of a new name."""
    released = {(subject.name, subject.version) for subject in result.new}
    first = {
        paths.owners_file(subject.name) for subject in result.new if not subject.context.published
    }
    for change in result.changes:
        version = paths.version_of(change.path)
        own = version is not None and version[:2] in released
        yield not own and not (change.path in first and change.kind == "added")
