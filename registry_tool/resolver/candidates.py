"""What a resolver may choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from registry_tool.manifest.model import Requirement
from registry_tool.manifest.notice import Notice


@dataclass(frozen=True, slots=True)
class Candidate:
    """One version that could be chosen. `digest` is `sha256:<hex>`; a source may keep `requires` to itself."""

    name: str
    version: str
    digest: str = ""
    registry: str = "public"
    yanked: bool = False
    requires: tuple[Requirement, ...] = ()
    notice: Notice | None = None


class Source(Protocol):
    """Where candidates come from. What one requires is asked only for those that are tried."""

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first; empty where there is none."""

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a candidate of this source requires."""


@dataclass(frozen=True, slots=True)
class FixedSource:
    """Candidates held in memory, by name."""

    by_name: Mapping[str, Sequence[Candidate]] = field(default_factory=dict)

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first."""
        return self.by_name.get(name, ())

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a candidate requires."""
        return candidate.requires
