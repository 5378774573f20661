"""The audit log on the branch `audit`: note what was done, list it, and make checkpoints of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from registry_tool.core.clock import instant
from registry_tool.core.errors import RegistryError
from registry_tool.core.hash_chain import ChainProblem, hash_of, link_path
from registry_tool.core.values import Frozen, Object
from registry_tool.deploy.event_log import (
    DeployEvent,
    events_folder,
    read_event,
)
from registry_tool.deploy.model import OK
from registry_tool.security.audit import (
    AuditEntry,
    Note,
    chain_problems,
    entry_bytes,
    read_entry,
)
from registry_tool.security.checkpoints import (
    checkpoint,
)
from registry_tool.security.handling import private_value
from registry_tool.security.keys import VARIABLE, PublicKey, stored_ring
from registry_tool.security.published_keys import all_of
from registry_tool.state.audited_runs import pruned_months, run_ends
from registry_tool.state.branches import StateLocation, state_branch, writer
from registry_tool.state.public_keys import process_ring, publish, published
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree

Files = Sequence[tuple[str, bytes]]


def note(  # noqa: PLR0913, PLR0917 - who did what, where
    location: StateLocation,
    environment: str,
    actor: str,
    action: str,
    detail: Frozen,
    environ: Mapping[str, str] = os.environ,
) -> str:
    """Add an entry to an environment's chain, signed by its key; its path. `actor` is a pseudonym or empty."""
    branch = state_branch(location, paths.AUDIT_BRANCH)
    ring = process_ring(location, environment, environ)
    publish(location, ring)
    who = writer(location)
    clean = cast(Object, private_value(dict(detail)))
    entry = Note(environment, actor, action, instant(location.clock.now()), clean)
    paths_written: list[str] = []

    def write(tree: GitTree) -> Mapping[str, bytes | None]:
        files = list(tree.files(environment))
        last = tree.read(files[-1].path) if files else b""
        path = link_path(environment, len(files) + 1)
        paths_written[:] = [path]
        return {path: entry_bytes(entry, len(files) + 1, last, ring)}

    branch.write(write, f"Note {action} in {environment}", who)
    return paths_written[0]


def entries(location: StateLocation, environment: str = "") -> Iterator[AuditEntry]:
    """Every entry (of an environment), each chain oldest first; notes of the place warn of malformed files."""
    tree = state_branch(location, paths.AUDIT_BRANCH).files()
    for name in [environment] if environment else tree.folders_at_root():
        for path, data in entry_files(tree, name):
            try:
                yield read_entry(data, f"{paths.AUDIT_BRANCH}:{path}")
            except RegistryError as error:
                location.notes.warn(str(error))


def recorded_prunings(location: StateLocation, environment: str) -> set[str]:
    """The months of run records that sound entries of an environment's own log say were let go."""
    return recorded_prunings_in(
        location, state_branch(location, paths.AUDIT_BRANCH).files(), environment
    )


def recorded_prunings_in(location: StateLocation, tree: GitTree, environment: str) -> set[str]:
    """The months that sound entries of an environment's log, as it is in a tree, say were let go."""
    files, (keys, _, _) = entry_files(tree, environment), keys_of(location, environment, {})
    wrong = {item.location for item in chain_problems(files, environment, keys)}
    return pruned_months(read_entry(data, path) for path, data in files if path not in wrong)


def keys_of(
    location: StateLocation, environment: str, environ: Mapping[str, str]
) -> tuple[tuple[PublicKey, ...], bool, list[ChainProblem]]:
    """The keys that count, whether a held secret vouches for them, and what is wrong with the published ones."""
    git_dir = state_branch(location, paths.AUDIT_BRANCH).repository.git_dir
    ring = stored_ring(git_dir, environment, environ)
    try:
        known = published(location, environment)
    except RegistryError as error:
        return (
            (ring.public if ring else ()),
            ring is not None,
            [ChainProblem(error.location, error.reason)],
        )
    if ring is None:
        return known.keys, False, []
    if known.vouched_by(ring):
        return known.keys, True, []
    if environ.get(VARIABLE) and known.keys:
        reason = f"the published keys aren't those of {VARIABLE}: only the latter count"
        return ring.public, True, [ChainProblem(environment, reason)]
    return all_of(known.keys, ring.public), False, []


def switched(state: GitTree, environment: str, name: str = "") -> dict[str, str]:
    """Hashes of the events that changed what an environment serves (of a workflow), overrides too, by path."""
    found = hashed_events(state, environment, name)
    return {path: sha256 for path, sha256, event in found if event and changes_serving(event)}


def hashed_events(
    state: GitTree, environment: str, name: str = ""
) -> Iterator[tuple[str, str, DeployEvent | None]]:
    """(path, hash, event) of every event; None for one that can't be read, which its chain tells."""
    for file in state.files(events_folder(environment, name).rstrip("/")):
        data = state.read(file.path)
        try:
            yield file.path, hash_of(data), read_event(data, file.path)
        except RegistryError:
            yield file.path, hash_of(data), None


def changes_serving(event: DeployEvent) -> bool:
    """Whether an event changed what serves, so that an entry must tell of it."""
    return event.stage in {"rollback", "override"} or (
        event.stage == "switch" and event.status == OK
    )


def make_checkpoint(
    location: StateLocation, environment: str, environ: Mapping[str, str] = os.environ
) -> Object:
    """A signed checkpoint of an environment's chain and run records as they are now.

    Refused where a chain is broken.
    """
    branch = state_branch(location, paths.AUDIT_BRANCH)
    ring = process_ring(location, environment, environ)
    files = entry_files(branch.files(), environment)
    keys = all_of(ring.public, published(location, environment).keys)
    for wrong in chain_problems(files, environment, keys):
        raise RegistryError(
            wrong.reason, location=wrong.location, hint="look at `registry-tool audit verify`"
        )
    runs = run_ends(location, environment, keys)
    return checkpoint(files, environment, instant(location.clock.now()), ring, runs)


def entry_files(tree: GitTree, environment: str) -> Files:
    """(path, bytes) of an environment's entries, in order."""
    return [(file.path, tree.read(file.path)) for file in tree.files(environment)]
