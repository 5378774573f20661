"""The catalogue as a resolver's source."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.catalogue.model import Catalogue, PublishedVersion
from registry_tool.manifest.model import Requirement
from registry_tool.resolver.candidates import Candidate


class CatalogueSource:
    """All versions of a catalogue as candidates of the registry `public`."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first."""
        line = self._catalogue.by_name.get(name)
        return [candidate(version) for version in line.versions] if line else []

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a version requires."""
        return candidate.requires


def candidate(version: PublishedVersion) -> Candidate:
    """A version as a resolver sees it."""
    return Candidate(
        name=version.name,
        version=version.number,
        digest=version.digest,
        yanked=bool(version.yanked),
        requires=version.workflow.requires,
        notice=version.notice,
    )
