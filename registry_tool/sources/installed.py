"""What `puppy-cli install` put into a project, read like a registry: runs need no other one, and no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.files import read_limited
from registry_tool.core.values import Object
from registry_tool.manifest.model import Requirement
from registry_tool.package.limits import MAX_PACKAGE
from registry_tool.package.open import open_package
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.lock import Lock
from registry_tool.sources.base import NotFetchedError
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice
from registry_tool.sources.configuration.location import HERE
from registry_tool.sources.configuration.named import PUBLIC
from registry_tool.sources.lock_file import LOCK_FILE, read_locked
from registry_tool.sources.offline import OfflineReader
from registry_tool.sources.program import published_program
from registry_tool.sources.reader import Reader, open_reader
from registry_tool.store import paths

FOLDER = ".workflows"


class InstalledReader:
    """Packages below `.workflows/` of a project: those that its lock holds, with the lock's digests."""

    def __init__(self, project: Path, lock: Lock) -> None:
        self.location = str(project)
        self._project, self._lock = project, lock

    def names(self) -> Sequence[str]:
        """Every workflow's name, sorted."""
        return sorted(self._lock.workflows)

    def some_names(self) -> Sequence[str]:
        """All names."""
        return self.names()

    def versions(self, name: str) -> Sequence[Candidate]:
        """The one version that is locked; empty where there is none."""
        locked = self._lock.workflows.get(name)
        if locked is None:
            return ()
        called = (PUBLIC, locked.registry)
        return (Candidate(name, locked.version, locked.digest, locked.registry, names=called),)

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a version requires."""
        return published_program(self.files(candidate), candidate).workflow.requires

    def with_digest(self, candidate: Candidate) -> Candidate:
        """The version itself: the lock has its digest."""
        return candidate

    def files(self, candidate: Candidate) -> Mapping[str, bytes]:
        """A version's files out of its package, digest verified."""
        name = paths.package_file(candidate.name, candidate.version)
        path = self._project / FOLDER / candidate.name / name
        if not path.is_file():
            raise NotFoundError(
                "the lock holds it, but its package is not there",
                location=str(path),
                hint=f"puppy-cli install {candidate.name}:{candidate.version} --registry …",
            )
        data = read_limited(path, MAX_PACKAGE)
        return open_package(data, location=str(path), expected=candidate.digest)

    def summaries(self) -> list[Object]:
        """None: a project is not a catalogue."""
        raise RegistryError("a project's folder is not a registry", location=self.location)


def open_source(registry: AnyRegistry, project: Path) -> Reader:
    """The registry; what is installed in a project where none is named and none is around.

    Offline, what was never fetched from the registry is taken from what is installed.
    """
    choice, file = as_choice(registry), project / LOCK_FILE
    try:
        reader = open_reader(choice)
    except (NotFoundError, NotFetchedError) as error:
        wanted = isinstance(error, NotFetchedError) or choice.location == HERE
        if not wanted or not file.is_file():
            raise
        return InstalledReader(project, read_locked(file))
    if choice.offline and choice.folder is None and file.is_file():
        return OfflineReader(reader, InstalledReader(project, read_locked(file)), choice.notes)
    return reader
