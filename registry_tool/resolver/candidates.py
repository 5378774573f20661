"""What a resolver may choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from registry_tool.core.records import Record, field
from registry_tool.manifest.model import Requirement
from registry_tool.manifest.notice import Notice


class Candidate(Record, frozen=True):
    """One version that could be chosen. `digest` is `sha256:<hex>`; a source may keep `requires` to itself.

    `registry` is what a lock calls the registry that it is from; `names` are all by which a requirement may mean
    that one (empty: `registry` alone).
    """

    name: str
    version: str
    digest: str = ""
    registry: str = "public"
    yanked: bool = False
    requires: tuple[Requirement, ...] = ()
    notice: Notice | None = None
    names: tuple[str, ...] = ()

    def is_from(self, registry: str) -> bool:
        """Whether a requirement that names a registry means the one that this is from."""
        return registry in (self.names or (self.registry,))


class Source(Protocol):
    """Where candidates come from. What one requires is asked only for those that are tried."""

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first; empty where there is none."""

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a candidate of this source requires."""


@runtime_checkable
class NamedSource(Protocol):
    """A source of several registries."""

    def versions_in(self, registry: str, name: str) -> Sequence[Candidate]:
        """All versions of a workflow in the registry that a requirement calls so, oldest first."""


def candidates_for(source: Source, name: str, registries: Iterable[str]) -> list[Candidate]:
    """What there is of a workflow in the registries that requirements name, each version of each once."""
    if not isinstance(source, NamedSource):
        return list(source.versions(name))
    found: dict[tuple[str, str], Candidate] = {}
    for registry in sorted(set(registries)):
        for candidate in source.versions_in(registry, name):
            key = (candidate.registry, candidate.version)
            if key not in found or len(candidate.names) > len(found[key].names):
                found[key] = candidate
    return list(found.values())


class FixedSource(Record, frozen=True):
    """Candidates held in memory, by name."""

    by_name: Mapping[str, Sequence[Candidate]] = field(default_factory=dict)

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first."""
        return self.by_name.get(name, ())

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a candidate requires."""
        return candidate.requires
