"""The wrapped keys of runs' payloads: branch `run-keys`, one file a run, one commit without parents.

Who takes a file out has erased what it opens: no other copy of the key stands in the branch's history. Commits
that nothing names any more are git's to throw away (`git gc`); docs/adr/0017 says what that leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from registry_tool.core import clock
from registry_tool.core.clock import instant
from registry_tool.core.codec import FileFormat, Stored, moment
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.files import read_limited
from registry_tool.core.values import Object
from registry_tool.security.encrypt import WrappedKey, open_payload, rewrap
from registry_tool.security.keys import KeyRing
from registry_tool.state.branches import StateLocation, state_branch, writer
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.state.branch import StateBranch


class RunKey(Stored, frozen=True):
    """A run's wrapped key. `created` and `expires` are RFC 3339; `expires` is empty where nothing bounds it."""

    environment: str
    execution_id: str
    key_id: str
    locked: bytes = msgspec.field(name="wrapped")
    created: str
    expires: str

    def __post_init__(self) -> None:
        moment(self.created, "created")
        if self.expires:
            moment(self.expires, "expires")

    @property
    def wrapped(self) -> WrappedKey:
        """The data key, as it is locked."""
        return WrappedKey(self.key_id, self.locked)

    @property
    def path(self) -> str:
        """Where it stands on the branch."""
        return key_path(self.environment, self.execution_id)

    def expired(self, now: datetime) -> bool:
        """True where its retention has passed."""
        return bool(self.expires) and datetime.fromisoformat(self.expires) <= now

    def to_bytes(self) -> bytes:
        """The file."""
        return KEY.to_bytes(self)


KEY = FileFormat[RunKey](
    RunKey,
    "run key",
    "puppyai.com/run-key/v1",
    "put it back from a copy of the branch; without it the run's payload stays locked",
)


def key_path(environment: str, execution_id: str) -> str:
    """`<environment>/<execution id>.json`."""
    return f"{environment}/{execution_id}.json"


def context_of(environment: str, execution_id: str) -> Object:
    """What binds a payload and its key to one run."""
    return {"environment": environment, "execution_id": execution_id}


def run_key(
    environment: str, execution_id: str, wrapped: WrappedKey, now: datetime, retention: str = ""
) -> RunKey:
    """The entry of a key made now that is to be forgotten after `retention` (such as `30d`)."""
    kept = timedelta(seconds=clock.seconds(retention)) if retention else None
    expires = instant(now + kept) if kept else ""
    return RunKey(environment, execution_id, wrapped.key_id, wrapped.wrapped, instant(now), expires)


def keep_key(location: StateLocation, key: RunKey, *, again: bool = False) -> None:
    """Put a run's key on the branch; the same one changes nothing, another one is refused.

    With `again`, another one takes its place: a run was done anew, and its first payload is erased by that.
    """
    data = key.to_bytes()

    def write(tree: GitTree) -> Mapping[str, bytes | None]:
        if tree.has(key.path):
            there = read_key(tree.read(key.path), key.path)
            if there.wrapped == key.wrapped:
                return {}
            if not again:
                raise RegistryError(
                    "this run has a key already, and another one", location=key.path
                )
        return {key.path: data}

    _branch(location).write(write, f"Keep the key of {key.execution_id}", writer(location))


def read_key(data: bytes, path: str) -> RunKey:
    """The key in a file; `RegistryError` where it is malformed or stands in another's place."""
    location = f"{paths.RUN_KEYS_BRANCH}:{path}"
    found = KEY.read(data, location)
    if found.path != path:
        raise RegistryError("this key is another run's", location=location)
    return found


def run_keys(location: StateLocation, environment: str = "") -> Iterator[RunKey]:
    """Every key (of an environment), by path; malformed files are warned of in the place's notes."""
    tree = _branch(location).files()
    yield from _keys(tree, environment, location.notes.warn)


def _keys(tree: GitTree, environment: str, say: Callable[[str], None]) -> Iterator[RunKey]:
    for name in [environment] if environment else tree.folders_at_root():
        for file in tree.files(name):
            try:
                yield read_key(tree.read(file.path), file.path)
            except RegistryError as error:
                say(f"{error}; it opens nothing, and is left as it is")


def find_key(location: StateLocation, environment: str, execution_id: str) -> RunKey:
    """A run's key; `NotFoundError` where it was erased, pruned or never kept."""
    path = key_path(environment, execution_id)
    tree = _branch(location).files()
    if not tree.has(path):
        raise NotFoundError(
            f"there is no key for {execution_id} in {environment}: it was erased, its retention has passed, or "
            "the run kept no payload",
            location=paths.RUN_KEYS_BRANCH,
            hint=f"look at `registry-tool audit list --env {environment}`",
        )
    return read_key(tree.read(path), path)


def drop_keys(
    location: StateLocation, keys: Collection[RunKey], why: str, files: Collection[str] = ()
) -> int:
    """Take keys out in one write, and `files` that stand in a key's place; how many were still there."""
    wanted = {*(key.path for key in keys), *files}
    gone: list[str] = []

    def write(tree: GitTree) -> Mapping[str, bytes | None]:
        gone[:] = [path for path in sorted(wanted) if tree.has(path)]
        return dict.fromkeys(gone)

    if wanted:
        _branch(location).write(write, why, writer(location))
    return len(gone)


def to_rewrap(location: StateLocation, ring: KeyRing) -> int:
    """How many keys are not under the newest one; `PayloadError` for one that none of the ring opens."""
    waiting = [
        k for k in run_keys(location, ring.environment) if k.wrapped.key_id != ring.newest.id
    ]
    for key in waiting:
        rewrap(key.wrapped, ring, context_of(key.environment, key.execution_id))
    return len(waiting)


def rewrap_all(location: StateLocation, ring: KeyRing) -> tuple[int, int]:
    """(moved, already there): every key of the ring's environment under its newest key, in one write."""
    counts = [0, 0]

    def write(tree: GitTree) -> Mapping[str, bytes | None]:
        changes: dict[str, bytes | None] = {}
        counts[:] = [0, 0]
        for key in _keys(tree, ring.environment, location.notes.warn):
            context = context_of(key.environment, key.execution_id)
            wrapped = rewrap(key.wrapped, ring, context)
            if wrapped.key_id == key.key_id:
                counts[1] += 1
                continue
            counts[0] += 1
            moved = msgspec.structs.replace(key, key_id=wrapped.key_id, locked=wrapped.wrapped)
            changes[key.path] = moved.to_bytes()
        return changes

    branch = _branch(location)
    if branch.tip():
        branch.write(write, f"Wrap keys of {ring.environment} anew", writer(location))
    return counts[0], counts[1]


def open_run(
    location: StateLocation, file: Path, environment: str, execution_id: str, ring: KeyRing
) -> bytes:
    """What a run's payload holds."""
    key = find_key(location, environment, execution_id)
    blob = read_limited(file)
    return open_payload(blob, key.wrapped, ring, context_of(environment, execution_id))


def unshared_branch_notice(location: StateLocation) -> tuple[str, ...]:
    """What an erasure must say of a branch of keys that this clone has beside its home's."""
    branch = _branch(location)
    if not branch.remote or not branch.seen().own:
        return ()
    return (
        f"this clone's own branch {branch.name}, which is not that of {branch.remote}: "
        f"`git branch -D {branch.name}` takes it away",
    )


def _branch(location: StateLocation) -> StateBranch:
    return state_branch(location, paths.RUN_KEYS_BRANCH)
