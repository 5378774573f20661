"""A yank names a version that exists and leaves people somewhere to go."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Finding, Problem
from registry_tool.core.values import Route
from registry_tool.manifest.notice import Notice
from registry_tool.resolver.latest import latest
from registry_tool.rules.change_set import ChangeRule, ChangeSet, LineState, in_owners


def _check(subject: ChangeSet) -> Iterator[Finding]:
    for line in subject.owners_changed():
        yield from in_owners(RULE.id, line, _problems(subject, line))


def _problems(subject: ChangeSet, line: LineState) -> Iterator[Problem]:
    owners = line.owners_after
    for version, notice in owners.notices.items():
        route: Route = ("yanked", version)
        new = version not in line.owners_before.notices
        known = line.was if new else (*line.was, *line.now, *owners.tombstones)
        if version not in known:
            there = ", ".join(line.was) or "none"
            words = f"{line.name} has no version {version}"
            yield Problem(route, words, f"versions: {there}", on_key=True)
        yield from _replacement(subject, line, notice, route)
    if owners.deprecated:
        yield from _replacement(subject, line, owners.deprecated, ("deprecated",))
    yield from _latest(line)


def _replacement(
    subject: ChangeSet, line: LineState, notice: Notice, route: Route
) -> Iterator[Problem]:
    wanted = notice.replacement
    if not wanted or (wanted in line.now and not line.owners_after.blocked(wanted)):
        return
    if wanted == line.name or wanted not in subject.names():
        words = f"the replacement {wanted!r} is neither a version that can be used nor a workflow"
        usable = [version for version in line.now if not line.owners_after.blocked(version)]
        yield Problem(
            (*route, "replacement"),
            words,
            f"versions that can be used: {', '.join(usable) or 'none'}",
        )


def _latest(line: LineState) -> Iterator[Problem]:
    """The latest version is not taken away by accident."""
    if not line.was:
        return
    best = latest(line.was, {v for v in line.was if line.owners_before.blocked(v)})
    notice = line.owners_after.notice(best)
    if line.owners_before.blocked(best) or notice is None or not notice.blocks:
        return
    if not notice.replacement and not notice.without_successor and best in line.now:
        own = best in line.owners_after.notices
        yield Problem(
            ("yanked", best) if own else ("deprecated",),
            f"{best} is the latest version of {line.name}, and nothing is named in its place",
            "add replacement: (a version or a workflow), publish a higher version first, "
            "or say without_successor: true",
            on_key=own,
        )


RULE = ChangeRule("yanks", "A yank names a real version and a successor.", _check)
