"""A bundle read like a registry: it holds each version that it needs, and no network is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import read_limited
from registry_tool.core.values import Object
from registry_tool.manifest.model import Requirement
from registry_tool.package.bundle import open_bundle
from registry_tool.package.limits import MAX_BUNDLE
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.lock import Lock, LockedVersion
from registry_tool.sources.configuration.named import PUBLIC
from registry_tool.sources.program import published_program
from registry_tool.sources.reader import Reader


class BundleReader:
    """The versions in a bundle, and those of another reader `beside` it."""

    def __init__(self, path: Path, beside: Reader | None = None) -> None:
        self.location = str(path)
        self._bundle = open_bundle(read_limited(path, MAX_BUNDLE), location=str(path))
        self._beside = beside

    @property
    def root(self) -> Candidate:
        """The workflow that it is for."""
        root = self._bundle.root
        return _candidate(root.name, LockedVersion(root.version, root.digest, root.registry))

    @property
    def lock(self) -> Lock:
        """What that requires."""
        return self._bundle.lock

    def names(self) -> Sequence[str]:
        """Every workflow's name, sorted."""
        return sorted({*self._bundle.files, *(self._beside.names() if self._beside else ())})

    def some_names(self) -> Sequence[str]:
        """All names."""
        return self.names()

    def versions(self, name: str) -> Sequence[Candidate]:
        """The one version in the bundle, and those beside it."""
        beside = self._beside.versions(name) if self._beside else ()
        own = self._own(name)
        if own is None:
            return beside
        return (*(one for one in beside if one.version != own.version), own)

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a version requires."""
        return published_program(self.files(candidate), candidate).workflow.requires

    def with_digest(self, candidate: Candidate) -> Candidate:
        """The version itself: the lock has its digest."""
        return candidate

    def files(self, candidate: Candidate) -> Mapping[str, bytes]:
        """A version's files, digest verified."""
        own = self._own(candidate.name)
        if own is not None and own.digest == candidate.digest:
            return self._bundle.files[candidate.name]
        if self._beside is None:
            raise RegistryError(
                f"the bundle does not hold {candidate.name}:{candidate.version}",
                location=self.location,
                hint="make it again with `puppy-cli bundle`",
            )
        return self._beside.files(candidate)

    def summaries(self) -> list[Object]:
        """None: a bundle is not a catalogue."""
        raise RegistryError("a bundle is not a registry", location=self.location)

    def _own(self, name: str) -> Candidate | None:
        if name == self._bundle.root.name:
            return self.root
        locked = self._bundle.lock.workflows.get(name)
        return _candidate(name, locked) if locked else None


def _candidate(name: str, locked: LockedVersion) -> Candidate:
    called = (PUBLIC, locked.registry)
    return Candidate(name, locked.version, locked.digest, locked.registry, names=called)
