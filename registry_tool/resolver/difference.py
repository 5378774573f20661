"""One change between two versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from registry_tool.core.values import Object, Route
from registry_tool.resolver.bump import highest
from registry_tool.resolver.version import Bump


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. `field` is its dotted name, `route` its place in the newer manifest, or the nearest one left."""

    field: str
    bump: Bump
    words: str
    route: Route

    def to_value(self) -> Object:
        """As JSON."""
        return {"field": self.field, "bump": self.bump, "words": self.words}


def required_bump(changes: Iterable[Difference]) -> Bump:
    """The greatest bump that any of the changes requires; `none` for no change."""
    return highest(change.bump for change in changes)
