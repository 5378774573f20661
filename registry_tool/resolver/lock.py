"""`workflow.lock`: every dependency with version and digest, so that tomorrow's run is today's."""

from __future__ import annotations

from collections.abc import Mapping

from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.records import Record, field
from registry_tool.manifest.digest import content_hash
from registry_tool.resolver.solve import Resolution


class LockedVersion(Stored, frozen=True):
    """One dependency as it was chosen."""

    version: str
    digest: str
    registry: str


class LockFile(Stored, frozen=True, omit_defaults=True):
    """The file's members: dependencies by name, pinned roots of registries by name."""

    workflows: dict[str, LockedVersion]
    roots: dict[str, str] = field(default_factory=dict)


FILE = FileFormat[LockFile](LockFile, "lock", "puppyai.com/lock/v1", "delete it and install again")


class Lock(Record, frozen=True):
    """Dependencies by name; `roots` are the pinned roots of their registries, as the lock calls those."""

    workflows: Mapping[str, LockedVersion] = field(default_factory=dict)
    roots: Mapping[str, str] = field(default_factory=dict)

    @property
    def versions(self) -> dict[str, str]:
        """Versions by name, as `solve` takes them."""
        return {name: locked.version for name, locked in self.workflows.items()}

    @property
    def digest(self) -> str:
        """`sha256:<hex>` over the file's bytes."""
        return f"sha256:{content_hash(self.to_bytes())}"

    def to_bytes(self) -> bytes:
        """The file: readable JSON, names sorted."""
        return FILE.to_bytes(LockFile(dict(self.workflows), dict(self.roots)))


def lock_of(resolution: Resolution, roots: Mapping[str, str] | None = None) -> Lock:
    """The lock of a resolution."""
    return Lock(
        {
            name: LockedVersion(candidate.version, candidate.digest, candidate.registry)
            for name, candidate in resolution.chosen.items()
        },
        roots or {},
    )


def read_lock(data: bytes, location: str) -> Lock:
    """The lock in a file; `RegistryError` where it is malformed."""
    found = FILE.read(data, location)
    return Lock(found.workflows, found.roots)
