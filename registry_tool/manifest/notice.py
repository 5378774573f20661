"""What an owner says against a version or a whole workflow: graded, with a reason and a way on."""

from __future__ import annotations

from enum import StrEnum

from registry_tool.core.records import Record
from registry_tool.core.values import Object


class Level(StrEnum):
    """How much a notice weighs."""

    NOTICE = "notice"  # shown where the version is shown
    WARN = "warn"  # said whenever it is chosen
    BLOCK = "block"  # no new resolve chooses it; locks that have it go on, with a warning


class Notice(Record, frozen=True):
    """One notice. `replacement` is a version of the same workflow or another workflow's name."""

    reason: str
    level: Level = Level.BLOCK
    replacement: str = ""
    without_successor: bool = False

    @property
    def blocks(self) -> bool:
        """True where no new resolve may choose what it is about."""
        return self.level is Level.BLOCK

    def words(self, reference: str) -> str:
        """A sentence for whoever uses `reference` all the same."""
        verb = "is yanked" if self.blocks else "should not be used"
        instead = f"; use {self.replacement} instead" if self.replacement else ""
        reason = self.reason.rstrip(".") if instead else self.reason
        return f"{reference} {verb}: {reason}{instead}"

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "level": self.level.value,
            "reason": self.reason,
            "replacement": self.replacement or None,
        }


def heavier(one: Notice | None, other: Notice | None) -> Notice | None:
    """The notice of the higher level; the first where they weigh the same."""
    if one is None or other is None:
        return one or other
    order = list(Level)
    return other if order.index(other.level) > order.index(one.level) else one
