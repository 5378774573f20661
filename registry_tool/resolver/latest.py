"""The latest version of a line (SPEC.md §2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from registry_tool.resolver.version import parse


def latest(versions: Iterable[str], yanked: Collection[str] = ()) -> str:
    """The highest non-yanked release; a pre-release or a yanked one only where nothing else is left.

    `ValueError` for no versions at all.
    """
    return max(
        versions,
        key=lambda text: (text not in yanked, not parse(text).is_prerelease, parse(text)),
    )
