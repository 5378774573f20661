"""In which order versions were first published, and when: what slots of lists and dates go by.

The order is that of the first-parent commits that added the versions, then name, then version. Without git, or
where a clone's history is cut off, it is that of the dates that manifests state, then name, then version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from registry_tool.core.errors import RegistryError
from registry_tool.store import paths
from registry_tool.store.first_published import Addition

VersionKey = tuple[str, str]
"""Name and version."""


@dataclass(frozen=True, slots=True)
class Publication:
    """When a version was first published: the place of its commit in the history, and that commit's moment.

    `moment` is RFC 3339 in UTC, empty where nobody knows it.
    """

    commit: int
    moment: str = ""


@dataclass(frozen=True, slots=True)
class PublicationHistory:
    """First publications by version. `cut_off` has those whose time lies beyond a shallow clone's end."""

    known: Mapping[VersionKey, Publication] = field(default_factory=dict)
    cut_off: frozenset[VersionKey] = frozenset()

    def demand_whole(self) -> None:
        """`RegistryError` where the order of publication is unknown."""
        if self.cut_off:
            name, number = min(self.cut_off)
            raise RegistryError(
                "when it was published is unknown: this clone's history is cut off",
                location=paths.version_dir(name, number),
                hint="fetch all of it with `git fetch --unshallow`",
            )


def history_of(additions: Iterable[Addition], first: int = 0) -> PublicationHistory:
    """The history out of what commits added, oldest commit first; `first` is the first one's place."""
    known: dict[VersionKey, Publication] = {}
    cut: set[VersionKey] = set()
    for place, addition in enumerate(additions, first):
        for path in addition.paths:
            found = paths.version_of(path)
            if found is None or found[2] != paths.MANIFEST or found[:2] in known:
                continue
            known[found[:2]] = Publication(place, addition.moment)
            if addition.cut_off:
                cut.add(found[:2])
    return PublicationHistory(known, frozenset(cut))
