"""Offline: a registry as it was fetched once, and for what of it was not, the packages of a project."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from registry_tool.core.values import Object
from registry_tool.manifest.model import Requirement
from registry_tool.resolver.candidates import Candidate, candidates_for
from registry_tool.sources.base import NotFetchedError, Reader
from registry_tool.sources.configuration.notes import RegistryNotes

T = TypeVar("T")


@dataclass(frozen=True)
class OfflineReader:
    """Asks `kept` first, then `installed`, whose digests are those of the project's lock."""

    kept: Reader
    installed: Reader
    notes: RegistryNotes

    @property
    def location(self) -> str:
        """The registry."""
        return self.kept.location

    def names(self) -> Sequence[str]:
        """Every workflow's name, sorted."""
        return self._either(self.kept.names, self.installed.names)

    def some_names(self) -> Sequence[str]:
        """Names to compare a mistyped one with."""
        return self._either(self.kept.some_names, self.installed.some_names)

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow that were known when it was fetched; else the locked one."""
        return self._versions(name, lambda: self.kept.versions(name))

    def versions_in(self, registry: str, name: str) -> Sequence[Candidate]:
        """A workflow's versions in one registry, by the name that a requirement or a lock gives it."""
        return self._versions(name, lambda: candidates_for(self.kept, name, (registry,)))

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a version requires."""
        return self._either(
            lambda: self.kept.requires(candidate), lambda: self.installed.requires(candidate)
        )

    def with_digest(self, candidate: Candidate) -> Candidate:
        """A version with its digest."""
        return candidate if candidate.digest else self.kept.with_digest(candidate)

    def files(self, candidate: Candidate) -> Mapping[str, bytes]:
        """A version's files, digest verified."""
        return self._either(
            lambda: self.kept.files(candidate), lambda: self.installed.files(candidate)
        )

    def summaries(self) -> list[Object]:
        """WorkflowSummary objects, by name: a project's packages are not a catalogue."""
        return self.kept.summaries()

    def _versions(self, name: str, ask: Callable[[], Sequence[Candidate]]) -> Sequence[Candidate]:
        try:
            return ask()
        except NotFetchedError:
            found = self.installed.versions(name)
            if not found:
                raise
            self.notes.say(f"offline: {name} as it is locked in {self.installed.location}")
            return found

    def _either(self, first: Callable[[], T], second: Callable[[], T]) -> T:
        try:
            return first()
        except NotFetchedError:
            return second()
