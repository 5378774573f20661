"""Only a maintainer certifies a version, or takes that back; the entry says who and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from registry_tool.core.finding import Finding, Problem, Severity
from registry_tool.core.values import Route
from registry_tool.manifest.owners import Certification
from registry_tool.rules.change_set import ChangeRule, ChangeSet, LineState, in_owners, on_path
from registry_tool.store.paths import owners_file


def _check(subject: ChangeSet) -> Iterator[Finding]:
    for line in subject.owners_changed():
        before, after = line.owners_before.certified, line.owners_after.certified
        new = {version: entry for version, entry in after.items() if before.get(version) != entry}
        if dict(before) == dict(after):
            continue
        if subject.actor is not None and not subject.by_maintainer:
            yield _waits(subject, line)
        problems = [
            p for version, entry in new.items() for p in _problems(subject, line, version, entry)
        ]
        yield from in_owners(RULE.id, line, problems)


def _waits(subject: ChangeSet, line: LineState) -> Finding:
    return on_path(
        RULE.id,
        owners_file(line.name),
        "this certifies a version, or takes that back, and no maintainer asks for it or approves it",
        "let a maintainer of the registry approve the pull request, or leave `certified` as it is",
        Severity.HOLD if subject.maintainers else Severity.ERROR,
    )


def _problems(
    subject: ChangeSet, line: LineState, version: str, entry: Certification
) -> Iterator[Problem]:
    route: Route = ("certified", version)
    if version not in {*line.was, *line.now}:
        there = ", ".join(line.was) or "none"
        yield Problem(
            route, f"{line.name} has no version {version}", f"versions: {there}", on_key=True
        )
    if subject.actor is not None and entry.by.id not in subject.maintainers:
        yield Problem(
            (*route, "by", "id"),
            f"{entry.by.login} (id {entry.by.id}) is not a maintainer of the registry",
            "name the maintainer who looked at it: login and id as `policy.maintainers` has them",
        )
    try:
        date.fromisoformat(entry.at)
    except ValueError:
        yield Problem((*route, "at"), f"{entry.at!r} is not a day", "write it as 2026-01-20")


RULE = ChangeRule(
    "certification", "Only maintainers certify a version, and the entry says who and when.", _check
)
