"""Only owners and collaborators publish; who they are is read from the base, by numeric id.

Logins can be given up and taken by others; ids can't.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from registry_tool.core.finding import Finding, Problem, Severity
from registry_tool.rules.change_set import (
    Actor,
    ChangeRule,
    ChangeSet,
    LineState,
    Pusher,
    in_owners,
    on_path,
)
from registry_tool.rules.named_people import contradictions, strangers
from registry_tool.security.access import may_publish
from registry_tool.store.paths import owners_file, version_dir, workflow_dir


def _check(subject: ChangeSet) -> Iterator[Finding]:
    changed = [line.name for line in subject.owners_changed()]
    for line in subject.lines.values():
        if line.after is None and (line.before is not None or line.is_new):
            if not line.broken:
                yield _no_file(subject, line)
        elif line.is_new:
            yield from in_owners(RULE.id, line, _first(subject.actor, line))
            if subject.actor is not None and not subject.by_maintainer:
                yield from in_owners(RULE.id, line, strangers(subject, subject.actor, line))
            if not line.now and subject.actor is not None and not subject.by_maintainer:
                yield _empty(line)
        elif subject.actor is not None and not _is_for_all(subject):
            if any(name == line.name for name, _ in subject.versions()):
                yield from _publisher(subject.actor, line, subject)
            if line.name in changed:
                yield from _governor(subject.actor, line)
                yield from in_owners(RULE.id, line, contradictions(subject, subject.actor, line))
        if subject.actor is not None and not subject.by_maintainer:
            yield from _pushed(subject.actor, line, subject)


def _no_file(subject: ChangeSet, line: LineState) -> Finding:
    path = owners_file(line.name)
    if line.before is not None:
        return on_path(
            RULE.id, path, f"{line.name} would have no owners", "leave the file in place"
        )
    login, number = (subject.actor.login, subject.actor.id) if subject.actor else ("you", 0)
    return on_path(
        RULE.id,
        path,
        f"{line.name} is new and names no owners",
        f"add this file with: owners: [{{ login: {login or 'you'}, id: {number or 'your id'} }}]",
    )


def _empty(line: LineState) -> Finding:
    """A name is taken by publishing: otherwise one request each takes every good one."""
    return on_path(
        RULE.id,
        owners_file(line.name),
        f"{line.name} is new and has no version",
        "publish its first version in this pull request, or let a maintainer reserve the name",
    )


def _first(actor: Actor | None, line: LineState) -> Iterator[Problem]:
    """The first publisher becomes an owner."""
    if actor is not None and not line.owners_after.is_owner(actor.id):
        yield Problem(
            ("owners",),
            f"whoever publishes {line.name} first must be among its owners; id {actor.id} is not"
            + _namesake(actor, line.owners_after.owners),
            f"add {{ login: {actor.login or 'you'}, id: {actor.id} }}",
        )


def _publisher(actor: Actor, line: LineState, subject: ChangeSet) -> Iterator[Finding]:
    owners = line.owners_before
    if not line.unreadable and _approved_by_owner(actor, line):
        return  # by approving this very commit, an owner takes it over, whoever wrote it
    if may_publish(actor.id, line.modify, owners, subject.teams):
        return
    versions = subject.versions()
    path = next(version_dir(name, number) for name, number in versions if name == line.name)
    if line.before is None:
        yield on_path(
            RULE.id,
            path,
            f"{line.name} has no owners on the base",
            "a maintainer decides; a pull request of its own can add its owners' file",
            Severity.HOLD,
        )
        return
    if line.unreadable and owners.may_publish(actor.id):
        yield on_path(
            RULE.id,
            path,
            f"who may publish {line.name} is said by its newest version, {line.unreadable}, "
            "which can't be read on the base",
            "a maintainer of the registry publishes or approves it, or removes that version first",
        )
        return
    if owners.may_publish(actor.id):
        yield on_path(
            RULE.id,
            path,
            f"{_who(actor)} is a collaborator of {line.name}, whose access_control.modify is for "
            + ", ".join(line.modify),
            f"let {_logins(line)} publish it, or approve the pull request",
        )
        return
    yield on_path(
        RULE.id,
        path,
        f"{_who(actor)} is neither owner nor collaborator of {line.name}"
        + _namesake(actor, (*owners.owners, *owners.collaborators)),
        f"let {_logins(line)} publish or approve it, or ask them to add you to {owners_file(line.name)} first",
    )


def _approved_by_owner(actor: Actor, line: LineState) -> bool:
    return any(line.owners_before.is_owner(person) for person in actor.approvals)


def _is_for_all(subject: ChangeSet) -> bool:
    """True where a maintainer of the registry approves, or opened it, whoever pushed."""
    actor = subject.actor
    return subject.by_maintainer or (actor is not None and actor.id in subject.maintainers)


def _pushed(actor: Actor, line: LineState, subject: ChangeSet) -> Iterator[Finding]:
    """Others than who opened a pull request may push to its branch: the last pusher must be one who may."""
    if _approved_by_owner(actor, line):
        return
    location = workflow_dir(line.name)
    for pusher in actor.pushers:
        if pusher.id in subject.maintainers or _may(pusher, line, subject):
            continue
        who = f"{pusher.login} (id {pusher.id})" if pusher.login else f"id {pusher.id}"
        words = f"the branch was pushed last by {who}, who may not make this change of {line.name}"
        yield on_path(RULE.id, location, words, _PUSH_AGAIN)
    if actor.pusher_unknown:
        severity = Severity.HOLD if subject.maintainers else Severity.ERROR
        words = "who pushed the branch last is not known"
        yield on_path(RULE.id, location, words, _PUSH_AGAIN, severity)


def _may(pusher: Pusher, line: LineState, subject: ChangeSet) -> bool:
    """Whether the change would stand if the pusher had opened the pull request."""
    if line.is_new:
        return False  # its owners are whoever the push names
    actor = Actor(pusher.id, pusher.login)
    as_author = replace(subject, actor=actor)
    published = any(name == line.name for name, _ in subject.versions())
    governs = any(changed.name == line.name for changed in subject.owners_changed())
    found = list(_publisher(actor, line, as_author)) if published else []
    return not found and not (governs and list(_governor(actor, line)))


def _governor(actor: Actor, line: LineState) -> Iterator[Finding]:
    before, after = line.owners_before, line.owners_after
    if line.before is None or before.is_owner(actor.id):
        if line.before is None:
            yield _waits(line, "the workflow has no owners on the base")
        return
    if any(before.is_owner(person) for person in actor.approvals):
        return
    if before.kept_away() != after.kept_away() and before.may_publish(actor.id):
        yield on_path(
            RULE.id,
            owners_file(line.name),
            f"{_who(actor)} is a collaborator of {line.name}; only owners and maintainers yank or remove",
            f"let {_logins(line)} make this change, or approve the pull request",
        )
        return
    same_people = (before.owners, before.collaborators) == (after.owners, after.collaborators)
    if same_people and before.may_publish(actor.id):
        return  # a collaborator says a notice or a warning
    yield _waits(line, f"{_who(actor)} is not an owner of {line.name} on the base")


def _waits(line: LineState, reason: str) -> Finding:
    return on_path(
        RULE.id,
        owners_file(line.name),
        f"{reason}, so this change waits for one",
        f"{_logins(line) or 'a maintainer'} approves the pull request",
        Severity.HOLD,
    )


def _who(actor: Actor) -> str:
    return f"{actor.login} (id {actor.id})" if actor.login else f"id {actor.id}"


def _logins(line: LineState) -> str:
    return " or ".join(person.login for person in line.owners_before.owners)


def _namesake(actor: Actor, people: object) -> str:
    """A hint where the login is known, but belongs to another account."""
    for person in people if isinstance(people, tuple) else ():
        if actor.login and person.login.casefold() == actor.login.casefold():
            return f"; the login {person.login} is known with another id ({person.id})"
    return ""


_PUSH_AGAIN = (
    "whoever opened it looks at it and pushes again, or an owner approves the pull request"
)

RULE = ChangeRule("ownership", "Only a workflow's owners and collaborators change it.", _check)
