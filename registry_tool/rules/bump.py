"""A version promises what its changes demand: a removed output is a major release, a new prompt a minor one."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.manifest.names import bad_version
from registry_tool.resolver.bump import is_enough, needed_after, next_version, predecessor
from registry_tool.resolver.differences import Difference, differences
from registry_tool.resolver.version import bump_between
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    before, new = subject.context.previous, subject.workflow
    if bad_version(new.version):
        return  # the rule `version` says so
    if before is None:
        yield from _unread(subject)
        return
    actual = bump_between(before.version, new.version)
    for change in changes(subject):
        if not is_enough(change.bump, before.version, new.version):
            needed = needed_after(change.bump, before.version)
            worst = max((c.bump for c in changes(subject)), key=_order)
            yield Problem(
                change.route,
                f"{change.words}: that is a {change.bump} change ({change.field}), but {new.version} "
                f"is only a {actual} release after {before.version}",
                f"publish it as {next_version(worst, before.version)}, or undo the change"
                if needed == change.bump
                else f"before 1.0.0 the {needed} part stands for it: publish it as "
                f"{next_version(worst, before.version)}, or undo the change",
            )


def _unread(subject: Subject) -> Iterator[Problem]:
    """What can't be compared is not taken for fine."""
    around = subject.context
    if not around.thorough or bad_version(subject.workflow.version):
        return
    known = [number for number in around.published if not bad_version(number)]
    if below := predecessor(subject.workflow.version, known):
        yield Problem(
            ("metadata", "version"),
            f"{below}, the release before, can't be read, so nobody knows what this one changes",
            "a maintainer compares them",
            Severity.HOLD,
        )


def _order(bump: str) -> int:
    return ("none", "prerelease", "patch", "minor", "major").index(bump)


def changes(subject: Subject) -> tuple[Difference, ...]:
    """What differs from the version before, resources included."""
    before = subject.context.previous
    if before is None:
        return ()
    found = differences(before, subject.workflow)
    if subject.context.resources_changed:
        words = "the files below resources/ changed"
        found = (*found, Difference("resources", "minor", words, ("metadata", "version")))
    return found


RULE = Rule("bump", "The version promises what its changes demand.", _check)
