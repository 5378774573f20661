"""The audit log proven: nothing is missing or changed, and every change of what serves has its entry."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from registry_tool.catalogue.load import load_settings
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import read_limited
from registry_tool.core.hash_chain import ChainProblem
from registry_tool.core.values import Object
from registry_tool.deploy.consistency import pointer_problem
from registry_tool.deploy.event_log import (
    EVENTS,
    broken_link,
    events_folder,
    read_event,
)
from registry_tool.deploy.store import View, pointer_paths
from registry_tool.security.audit import (
    AuditEntry,
    chain_problems,
    events_of,
    read_entry,
    switch_problems,
)
from registry_tool.security.checkpoints import (
    OldCheckpoint,
    checkpoint_problems,
    covered_runs,
    read_checkpoint,
)
from registry_tool.security.keys import VARIABLE
from registry_tool.state.audit_log import (
    changes_serving,
    entry_files,
    hashed_events,
    keys_of,
    recorded_prunings_in,
)
from registry_tool.state.audited_runs import Runs, compare_runs, pruned_months
from registry_tool.state.branches import StateLocation, state_branch
from registry_tool.state.public_keys import published
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.registry_tree import registry_tree


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What a verification found. `anchored` are environments whose keys the given secret vouches for.

    `keyed` are those for which any key was at hand or published. `unverified` is what nobody could have signed,
    since the environment had no key: neither proven nor broken. `run_records` are those that a kept checkpoint
    counts and that are as they were, by month; None without a checkpoint, or with one from before it covered them.
    """

    counts: Mapping[str, int]
    broken: tuple[ChainProblem, ...]
    anchored: tuple[str, ...] = ()
    unverified: tuple[ChainProblem, ...] = ()
    keyed: tuple[str, ...] = ()
    run_records: Mapping[str, int] | None = None

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "entries": dict(self.counts),
            "anchored": list(self.anchored),
            "broken": [{"place": item.location, "reason": item.reason} for item in self.broken],
            "unverified": [
                {"place": item.location, "reason": item.reason} for item in self.unverified
            ],
            "run_records": None if self.run_records is None else dict(self.run_records),
        }


def verify_audit(
    location: StateLocation,
    kept: Path | None = None,
    environment: str = "",
    environ: Mapping[str, str] = os.environ,
) -> AuditVerdict:
    """Chains (of events, too), signatures, a kept checkpoint; switches against entries, both ways.

    Of run records, what a kept checkpoint covers.
    """
    tree = state_branch(location, paths.AUDIT_BRANCH).files()
    state = state_branch(location, paths.DEPLOYMENTS_BRANCH).files()
    point = read_checkpoint(read_limited(kept), str(kept)) if kept else None
    names = {*tree.folders_at_root(), *state.folders(EVENTS)}
    if point:
        names.add(point.environment)
        _demand_checkpoint_of(environment, point)
    _demand_whose_key(location, environment, names, environ)
    chosen = sorted(name for name in names if environment in ("", name))
    broken: list[ChainProblem] = []
    counts: dict[str, int] = {}
    anchored: list[str] = []
    keyed: list[str] = []
    unverified: list[ChainProblem] = []
    runs: Runs | None = None
    broken += _lost(location)
    for name in chosen:
        files = entry_files(tree, name)
        counts[name] = len(files)
        keys, trusted, wrong = keys_of(location, name, environ)
        broken += wrong
        anchored += [name] if trusted else []
        keyed += [name] if keys else []
        found = list(chain_problems(files, name, keys))
        if point and point.environment == name:
            found += checkpoint_problems(point, files, keys)
        broken += found
        sound = [read_entry(d, p) for p, d in files if p not in {item.location for item in found}]
        if point and point.environment == name and (ends := covered_runs(point)) is not None:
            pruned = {
                **_pruned_by_others(location, tree, name),
                **dict.fromkeys(pruned_months(sound), name),
            }
            runs = compare_runs(location, name, ends, keys, pruned)
            broken += runs.broken
            unverified += runs.unverified
        unnoted = list(_switch_problems(state, name, sound))
        keyless = [
            item for item in unnoted if _was_keyless(location, state, name, item.location, sound)
        ]
        broken += [item for item in unnoted if item not in keyless]
        unverified += [replace(item, reason=KEYLESS) for item in keyless]
        broken += _broken_links(state, name)
        broken += _pointer_problems(state, name)
    return AuditVerdict(
        counts,
        tuple(dict.fromkeys(broken)),
        tuple(anchored),
        tuple(unverified),
        tuple(keyed),
        runs.sound if runs else None,
    )


def _switch_problems(
    state: GitTree, environment: str, sound: Sequence[AuditEntry]
) -> Iterator[ChainProblem]:
    events = list(hashed_events(state, environment))
    changing = {path: sha256 for path, sha256, event in events if event and changes_serving(event)}
    unreadable = {path: sha256 for path, sha256, event in events if event is None}
    return switch_problems(environment, changing, sound, unreadable)


def _demand_checkpoint_of(environment: str, point: OldCheckpoint) -> None:
    """A checkpoint of another environment than the asked one would be read and say nothing."""
    if environment not in {"", point.environment}:
        raise UsageError(
            f"the checkpoint is of {point.environment}, and --env says {environment}",
            hint=f"say --env {point.environment}, or name a checkpoint of {environment}",
        )


def _pruned_by_others(location: StateLocation, tree: GitTree, environment: str) -> dict[str, str]:
    """Months that only other environments' logs say went, of an environment that the registry lists no more.

    Nobody sweeps such a one. Of any other one its own log alone may say it, which its own key signs.
    """
    listed = load_settings(registry_tree(location.root)).environments
    if not listed or environment in listed:
        return {}
    found: dict[str, str] = {}
    for name in tree.folders_at_root():
        if name != environment:
            found |= dict.fromkeys(recorded_prunings_in(location, tree, name), name)
    return found


KEYLESS = "this change of what serves has no signed entry: the environment had no key to sign with"


def _was_keyless(
    location: StateLocation,
    state: GitTree,
    environment: str,
    path: str,
    entries: Sequence[AuditEntry],
) -> bool:
    """Whether an event without an entry is older than the environment's first key and than what was noted."""
    try:
        since = published(location, environment).since
        event = read_event(state.read(path), path)
    except RegistryError:
        return False
    folder = str(PurePosixPath(path).parent)
    noted = [
        p for entry in entries for p in events_of(entry) if str(PurePosixPath(p).parent) == folder
    ]
    if any(other <= path for other in noted):
        return False
    return not since or event.time < min(since)


def _lost(location: StateLocation) -> Iterator[ChainProblem]:
    """Branches that lack what this clone saw on them before."""
    for name in (paths.AUDIT_BRANCH, paths.DEPLOYMENTS_BRANCH):
        if lost := state_branch(location, name).lost():
            reason = f"commits up to {lost[:12]} were there before, and are gone: docs/restore.md says what to do"
            yield ChainProblem(name, reason)


def _demand_whose_key(
    location: StateLocation, environment: str, names: Collection[str], environ: Mapping[str, str]
) -> None:
    """A given key is one environment's: of the others it would call everything forged."""
    if environment or not environ.get(VARIABLE, "").strip():
        return
    others = [name for name in sorted(names) if keys_of(location, name, environ)[2]]
    if others and len(others) < len(names):
        raise UsageError(
            f"the key in {VARIABLE} is not that of {', '.join(others)}",
            hint=f"it is one environment's: say whose with --env, or unset {VARIABLE} "
            "to check all of them by the published keys",
        )


def _pointer_problems(state: GitTree, environment: str) -> Iterator[ChainProblem]:
    """Pointers that are missing, or say otherwise than their events; nobody could see that in the events alone."""
    for path in pointer_paths(state, environment):
        view = View(state, environment, PurePosixPath(path).stem)
        try:
            deployment = view.deployment
            wrong = pointer_problem(deployment, view.read_events()) if deployment else ""
        except RegistryError as error:
            if error.location.startswith(f"{paths.DEPLOYMENTS_BRANCH}:{path}"):
                yield ChainProblem(error.location, error.reason)
            continue  # what is wrong with an event, `_broken_links` tells
        if wrong:
            yield ChainProblem(path, wrong)


def _broken_links(state: GitTree, environment: str) -> Iterator[ChainProblem]:
    """The first event of each workflow that doesn't follow on the one before it."""
    for name in state.folders(f"{EVENTS}/{environment}"):
        files = state.files(events_folder(environment, name))
        if broken := broken_link({file.path: state.read(file.path) for file in files}):
            yield replace(broken, location=f"{paths.DEPLOYMENTS_BRANCH}:{broken.location}")
