"""Who may change what serves: a workflow's owners and collaborators, and the registry's maintainers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from registry_tool.catalogue.environments import Role
from registry_tool.commands.deploy.audit import Say, audit_ring, audited
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.manifest.owners import Owners, read_owners
from registry_tool.security.access import YES, Decision, includes, role_of
from registry_tool.state.audit_log import note
from registry_tool.state.branches import in_job
from registry_tool.state.target import Target
from registry_tool.store import paths
from registry_tool.store.registry_tree import registry_tree

ACTOR = "ACTOR_ID"
DENIED = "deploy-denied"
"""What the audit log calls a refusal."""
OVERRIDE = "override"
_JOBS_ACTOR = "GITHUB_ACTOR_ID"
_ID = re.compile(r"[1-9][0-9]{0,17}")


class DeployerError(RegistryError):
    """A person may not change what serves; says why, and whom to ask."""


@contextmanager
def authorised_change(  # noqa: PLR0913, PLR0917 - who changes what, where
    target: Target,
    environment: str,
    name: str,
    action: str,
    actor: str = "",
    say: Say = lambda _: None,
    override: str = "",
) -> Iterator[str]:
    """Within it a person changes what serves; gives their pseudonym. `DeployerError` where they may not.

    Every change and every refusal is noted. The local user (no `ACTOR_ID`) holds the clone, its key
    and the right to push anyway.
    """
    with audited(target, environment, name, action, actor, say) as who:
        decision = may_deploy(target, name, person_in(target))
        if decision.allowed and override:
            action, decision = OVERRIDE, may_override(target, person_in(target))
        if not decision.allowed:
            detail = {"workflow": name, "wanted": action}
            if audit_ring(target, environment, target.environ):
                note(target, environment, who, DENIED, detail, target.environ)
            raise DeployerError(decision.reason, location=name, hint=decision.hint)
        yield who


def person_in(target: Target) -> int:
    """The numeric id of who asked for the job, by its event; 0 for the local user.

    A job on GitHub that doesn't set `ACTOR_ID` acts for whom GitHub itself names: nobody sits at its machine.
    """
    text = target.environ.get(ACTOR, "")
    if not text and in_job(target.environ):
        text = target.environ.get(_JOBS_ACTOR, "")
        if not text:
            raise UsageError(
                "the job does not say who asked for it",
                location=ACTOR,
                hint="set it to github.event.sender.id, or to github.actor_id, as the shipped jobs do",
            )
    if text and not _ID.fullmatch(text):
        raise UsageError(f"{text[:40]!r} is not a numeric id", location=ACTOR)
    return int(text or 0)


def may_deploy(target: Target, name: str, person: int) -> Decision:
    """Whether a person may: owners and collaborators, unless their role is too low, and maintainers."""
    access = target.settings().access
    if may_override(target, person).allowed:
        return YES
    role = role_of(person, access)
    low = access.member(person) is not None and not includes(role, Role.AUTHOR)
    if not low and _owners(target, name).may_publish(person):
        return YES
    own = f" (role {role})" if access.member(person) else ""
    return Decision(
        False,
        f"the person with the id {person}{own} may not change what serves: "
        "that is for the workflow's owners and collaborators, and for maintainers",
        "ask one of them, or an admin for the role maintainer (registry.yaml, access.members)",
    )


def may_override(target: Target, person: int) -> Decision:
    """Whether a person may set an environment's rules aside: maintainers, and the local user."""
    settings = target.settings()
    if not person or person in {maintainer.id for maintainer in settings.maintainers}:
        return YES
    if includes(role_of(person, settings.access), Role.MAINTAINER):
        return YES
    return Decision(
        False,
        f"the person with the id {person} may not override an environment's rules: "
        "that is for the registry's maintainers",
        "ask one of them (policy.maintainers and access.members in registry.yaml)",
    )


def _owners(target: Target, name: str) -> Owners:
    path = paths.owners_file(name)
    try:
        return read_owners(registry_tree(target.root).read(path), path)
    except NotFoundError:
        return Owners()
