"""Every change of what serves gets its entry in the audit log, also one whose deployer died before its note."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import cast

from registry_tool.commands.audit import entries, note, switched
from registry_tool.commands.branches import Place, state_branch
from registry_tool.commands.deployed import Target
from registry_tool.commands.keys import known_environment
from registry_tool.core.errors import UsageError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object, Value
from registry_tool.security.audit import events_of
from registry_tool.security.keys import VARIABLE, environment_key
from registry_tool.store import paths
from registry_tool.store.git_tree import GitTree

FOUND = "reconcile"
"""The action of what another deployer did and didn't note."""


@contextmanager
def noted(
    target: Target, environment: str, name: str, action: str, actor: str = ""
) -> Iterator[str]:
    """Within it what serves may change; at its end, however it ends, every change is noted. Gives the pseudonym.

    Its key is asked for first, so that nothing is done that could not be noted. `actor` is a pseudonym; where it
    is empty, the job's `ACTOR_ID` makes one. Without an environment, all of them are looked at at the end.
    """
    environ = target.environ
    if not environment and environ.get(VARIABLE):
        raise UsageError(f"{VARIABLE} is one environment's key", way_out="say whose with --env")
    who = actor
    if environment:
        known_environment(target, environment)
        git_dir = state_branch(target, paths.AUDIT_BRANCH).repository.git_dir
        ring = environment_key(git_dir, environment, environ)
        if not who and environ.get("ACTOR_ID"):
            who = ring.pseudonym("actor", environ["ACTOR_ID"])
        note_changes(target, environment, name, FOUND, "", environ=environ)
    try:
        yield who
    finally:
        state = state_branch(target, paths.DEPLOYMENTS_BRANCH).files()
        for each in [environment] if environment else state.folders("events"):
            note_changes(target, each, name, action, who, environ=environ)


def note_changes(  # noqa: PLR0913 - who changed what, where
    place: Place,
    environment: str,
    name: str,
    action: str,
    actor: str,
    *,
    environ: Mapping[str, str] = os.environ,
) -> None:
    """One entry for each workflow (or the named one) that serves something else than the log knows."""
    state = state_branch(place, paths.DEPLOYMENTS_BRANCH).files()
    known = {path for entry in entries(place, environment) for path in events_of(entry)}
    new: dict[str, list[tuple[str, str]]] = {}
    for path, sha256 in sorted(switched(state, environment, name).items()):
        if path not in known:
            new.setdefault(path.split("/")[2], []).append((path, sha256))
    for workflow, events in new.items():
        note(place, environment, actor, action, _detail(state, workflow, events), environ)


def _detail(state: GitTree, workflow: str, events: list[tuple[str, str]]) -> Object:
    last = cast(Object, parse_json(state.read(events[-1][0]), place=events[-1][0]))
    return {
        "workflow": workflow,
        "deployment": str(last.get("deployment", "")),
        "events": [cast(Value, {"path": path, "sha256": sha256}) for path, sha256 in events],
    }
