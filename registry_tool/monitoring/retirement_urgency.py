"""Which retirements somebody must act on: of what serves, and of what new users would get."""

from __future__ import annotations

from collections.abc import Iterable

from registry_tool.catalogue.model import Catalogue
from registry_tool.monitoring.retirement import DEPENDENT, DEPLOYED, SETTING, VERSION, Affected
from registry_tool.resolver.latest import latest
from registry_tool.resolver.ranges import admits, is_valid


def urgent(found: Iterable[Affected], catalogue: Catalogue) -> frozenset[Affected]:
    """What serves or is set for an environment, and the newest version of a line that asks such a model.

    A newest version whose range leads elsewhere by now asks it no more: what it would be given counts.
    """
    everything = list(found)
    reached = {
        (item.retirement.model, item.use.who): item
        for item in everything
        if item.use.kind in {VERSION, DEPENDENT}
    }
    newest = {line.latest.reference for line in catalogue.lines}

    def asks(item: Affected) -> bool:
        """Whether what a version is given today asks the model."""
        below, depth = item, 0
        while below.use.kind == DEPENDENT and depth <= len(reached):
            if _given(below, catalogue) != below.through:
                return False
            below, depth = reached[below.retirement.model, below.through], depth + 1
        return below.use.kind == VERSION

    return frozenset(
        item
        for item in everything
        if item.use.kind in {DEPLOYED, SETTING} or (item.use.who in newest and asks(item))
    )


def _given(item: Affected, catalogue: Catalogue) -> str:
    """The reference that a dependent's range leads to today, empty for none."""
    name, range_ = item.through.partition(":")[0], item.use.where.removeprefix("requires ")
    for line in catalogue.lines:
        if line.name == name and is_valid(range_):
            fits = [v.number for v in line.versions if not v.yanked and admits(range_, v.number)]
            return f"{name}:{latest(fits)}" if fits else ""
    return ""
