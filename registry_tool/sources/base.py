"""What a registry is to those who read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.manifest.model import Requirement
from registry_tool.resolver.candidates import Candidate

if TYPE_CHECKING:
    from registry_tool.site.search.query.index_files import IndexFiles


class NotFetchedError(RegistryError):
    """Offline, something is wanted that was never fetched."""


class Reader(Protocol):
    """A registry as a consumer sees it; also a resolver's source."""

    @property
    def location(self) -> str:
        """Where it is, as messages show it."""

    def names(self) -> Sequence[str]:
        """Every workflow's name, sorted."""

    def some_names(self) -> Sequence[str]:
        """Names to compare a mistyped one with: all, or those that one document holds."""

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first; empty where there is none."""

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a version requires."""

    def with_digest(self, candidate: Candidate) -> Candidate:
        """A version with its digest, which `versions` leaves out where all its files would have to be read."""

    def files(self, candidate: Candidate) -> Mapping[str, bytes]:
        """A version's files, digest verified."""

    def summaries(self) -> list[Object]:
        """WorkflowSummary objects, by name."""


class Searchable(Reader, Protocol):
    """A registry that can be searched: one that has an index, or makes one."""

    def search_index(self) -> IndexFiles:
        """Its index."""

    def attestation(self, candidate: Candidate) -> bytes | None:
        """The attestation of a version's package; None where there is none."""
