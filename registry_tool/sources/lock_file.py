"""`workflow.lock` as commands meet it: read where it stands, and held against what a registry says now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.resolver.candidates import Candidate, NamedSource
from registry_tool.resolver.explain import PUBLIC
from registry_tool.resolver.lock import Lock, LockedVersion, read_lock
from registry_tool.sources.base import Reader

LOCK_FILE = "workflow.lock"


def read_locked(file: Path) -> Lock:
    """The lock in a file; an empty one where there is none, `UsageError` where something else stands there."""
    if file.is_file():
        return read_lock(file.read_bytes(), str(file))
    if file.exists() or file.is_symlink():
        raise UsageError(
            "is not a regular file, so nobody can say what is locked",
            location=str(file),
            hint="remove it, and let `puppy-cli install` write the lock",
        )
    return Lock()


def locked_here() -> Lock:
    """The lock of the folder that a command runs in, where `puppy-cli install` wrote it."""
    return read_locked(Path(LOCK_FILE))


def check_lock(lock: Lock, reader: Reader) -> None:
    """Everything that is locked must still be there: an index that lacks it is older than the lock, or cut."""
    for name, locked in lock.workflows.items():
        there = _locked_versions(reader, name, locked)
        if locked.version not in {candidate.version for candidate in there}:
            raise RegistryError(
                f"the lock has {name}:{locked.version}, but this registry does not",
                location=reader.location,
                hint="its index is older than the lock, or the version was removed: ask another "
                "copy, or take the entry out of the lock",
            )


def _locked_versions(reader: Reader, name: str, locked: LockedVersion) -> Sequence[Candidate]:
    """What there is of a workflow in the registry that it is locked to."""
    try:
        if isinstance(reader, NamedSource):
            return reader.versions_in(locked.registry, name)
    except UsageError as unknown:
        way = unknown.hint
    else:
        if locked.registry == PUBLIC:
            return reader.versions(name)
        way = "install it from its own"
    raise RegistryError(
        f"{name} is locked to the registry {locked.registry!r}, which is not this one",
        location=reader.location,
        hint=f"there is no fall-back between registries: {way}",
    )


def same_digests(lock: Lock, chosen: Mapping[str, Candidate]) -> None:
    """A version has one digest for ever, and a name stays in the registry that it was locked to."""
    for name, candidate in chosen.items():
        locked = lock.workflows.get(name)
        if locked and not candidate.is_from(locked.registry) and locked.digest != candidate.digest:
            raise RegistryError(
                f"{name} is locked to the registry {locked.registry!r}, and would now come from "
                f"{candidate.registry!r}",
                hint="there is no fall-back between registries: name its registry, or take the entry out "
                "of the lock",
            )
        if locked and locked.version == candidate.version and locked.digest != candidate.digest:
            raise RegistryError(
                f"the lock has {name}:{locked.version} with {locked.digest}, "
                f"the registry with {candidate.digest}",
                hint="a published version never changes: find out which of the two was tampered with",
            )
