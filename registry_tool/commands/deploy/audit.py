"""Every change of what serves gets its entry in the audit log, also one whose deployer died before its note."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import cast

from registry_tool.commands.privacy.keys import known_environment
from registry_tool.core.errors import UsageError
from registry_tool.core.values import Object, Value
from registry_tool.deploy.event_log import read_event
from registry_tool.security.audit import events_of
from registry_tool.security.keys import VARIABLE, KeyRing, environment_key, stored_ring
from registry_tool.state.audit_log import entries, note, switched
from registry_tool.state.branches import StateLocation, home_of, local_person, state_branch
from registry_tool.state.public_keys import demand_own, published_in
from registry_tool.state.target import Target
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree

FOUND = "reconcile"
"""The action of what another deployer did and didn't note."""


Say = Callable[[str], None]


@contextmanager
def audited(  # noqa: PLR0913, PLR0917 - who changes what, where
    target: Target,
    environment: str,
    name: str,
    action: str,
    actor: str = "",
    say: Say = lambda _: None,
) -> Iterator[str]:
    """Within it what serves may change; at its end, however it ends, every change is noted. Gives the pseudonym.

    A key that is given and is not the environment's is refused first. Where none is given and this machine's own
    is not the environment's either, an operator may act all the same; `say` hears who makes the entry good.
    `actor` is a pseudonym; where it is empty, the job's `ACTOR_ID` makes one. Without an environment, all of
    them are looked at at the end.
    """
    environ = target.environ
    if not environment and environ.get(VARIABLE):
        raise UsageError(f"{VARIABLE} is one environment's key", hint="say whose with --env")
    who = actor
    if environment:
        known_environment(target, environment)
        state = _state(target)
        ring = audit_ring(target, environment, environ, state)
        if ring and not who and environ.get("ACTOR_ID"):
            who = ring.pseudonym("actor", environ["ACTOR_ID"])
        note_changes(target, environment, name, FOUND, "", environ=environ, state=state)
    who = who or local_person(target, environ)
    try:
        yield who
    finally:
        now = _state(target)
        for each in [environment] if environment else now.folders("events"):
            note_changes(target, each, name, action, who, environ=environ, say=say, state=now)


def _state(location: StateLocation) -> GitTree:
    """What the branch `deployments` holds now."""
    return state_branch(location, paths.DEPLOYMENTS_BRANCH).files()


def audit_ring(
    location: StateLocation,
    environment: str,
    environ: Mapping[str, str],
    state: GitTree | None = None,
) -> KeyRing | None:
    """The keys that sign this environment's entries; None on a machine that was given none and is not known there.

    What a machine makes up for itself is never published on a remote, where others seal to what is published.
    `state` is what the branch `deployments` holds, where it was just read.
    """
    git_dir = state_branch(location, paths.AUDIT_BRANCH).repository.git_dir
    known = published_in(state or _state(location), environment)
    given = environ.get(VARIABLE, "").strip() or environ.get("GITHUB_ACTIONS") == "true"
    if not given and (known.keys or home_of(location)):
        held = stored_ring(git_dir, environment, environ)
        return held if held and held.newest.public in known.keys else None
    ring = environment_key(git_dir, environment, environ)
    demand_own(known, ring)
    return ring


def note_changes(  # noqa: PLR0913 - who changed what, where
    location: StateLocation,
    environment: str,
    name: str,
    action: str,
    actor: str,
    *,
    environ: Mapping[str, str] = os.environ,
    say: Say = lambda _: None,
    state: GitTree | None = None,
) -> None:
    """One entry for each workflow (or the named one) that serves something else than the log knows.

    Who holds no key of the environment leaves that to the next one who does. `state` is what the branch
    `deployments` holds, where it was just read.
    """
    state = state or _state(location)
    known = {path for entry in entries(location, environment) for path in events_of(entry)}
    new: dict[str, list[tuple[str, str]]] = {}
    for path, sha256 in sorted(switched(state, environment, name).items()):
        if path not in known:
            new.setdefault(path.split("/")[2], []).append((path, sha256))
    if new and audit_ring(location, environment, environ, state) is None:
        say(
            f"the audit log gets no entry from here: the key of {environment} is not on this machine. The next "
            f"job makes that good, or `registry-tool reconcile --env {environment}` with {VARIABLE}"
        )
        return
    for workflow, events in new.items():
        detail = _detail(state, workflow, events)
        who = _actor_in(state, events[-1][0]) if action == FOUND else actor
        note(location, environment, who, action, detail, environ)


def _actor_in(state: GitTree, path: str) -> str:
    """Who did what another deployer noted, as far as its event says so."""
    return read_event(state.read(path), path).details.actor


def _detail(state: GitTree, workflow: str, events: list[tuple[str, str]]) -> Object:
    last = read_event(state.read(events[-1][0]), events[-1][0])
    detail = {"reason": last.details.reason, "override": last.details.override}
    reasons: Object = {key: text for key, text in detail.items() if text}
    if last.stage == "override":  # what it let in failed before its switch
        reasons = {"override": last.details.reason}
    return {
        "workflow": workflow,
        "deployment": last.deployment,
        **reasons,
        "events": [cast(Value, {"path": path, "sha256": sha256}) for path, sha256 in events],
    }
