"""Which versions of a workflow have pages of their own: `site.version_pages` of `registry.yaml`.

The JSON document and the package of every version always exist, and the workflow's page shows its latest version.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from registry_tool.resolver.latest import latest


class VersionPages(StrEnum):
    """What a registry wants."""

    ALL = "all"
    LATEST_OF_MINOR = "latest-of-minor"
    LATEST = "latest"


def with_pages(numbers: Collection[str], newest: str, wanted: VersionPages) -> frozenset[str]:
    """The versions that have pages; `newest` is the line's latest, which always has.

    Of a minor version, the highest release counts, whether it is yanked or not: a page says so.
    """
    if wanted is VersionPages.ALL:
        return frozenset(numbers)
    if wanted is VersionPages.LATEST:
        return frozenset({newest})
    minors: dict[tuple[str, ...], list[str]] = {}
    for number in numbers:
        minors.setdefault(tuple(number.split(".")[:2]), []).append(number)
    return frozenset({newest, *(latest(group) for group in minors.values())})
