"""How many recorded answers a version has, of which models, and how old they are."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.manifest.dating import EARLIEST, at

GIT: Final = "git"
MANIFEST: Final = "manifest"
_DATED: Final = {
    GIT: "in git since then",
    MANIFEST: "the manifest's date: git's history isn't here",
}


class RecordedAnswers(Record, frozen=True):
    """A version's recorded answers. `date` (RFC 3339) is their moment, `dated_by` who says so."""

    count: int
    models: tuple[str, ...] = ()
    date: str = ""
    dated_by: str = ""
    days: int | None = None

    @property
    def age(self) -> str:
        """In words, with who says so."""
        if self.days is None:
            return "of unknown age"
        return f"{self.days} days old ({self.date[:10]}, {_DATED[self.dated_by]})"

    @property
    def words(self) -> str:
        """All of it."""
        return f"{self.count}, of {', '.join(self.models)}, {self.age}"

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "count": self.count,
            "models": list[Value](self.models),
            "date": self.date,
            "dated_by": self.dated_by,
            "days": self.days,
        }


def dated(
    count: int, models: tuple[str, ...], by_git: str, by_manifest: str, now: datetime
) -> RecordedAnswers:
    """Git's date where it has one, else the manifest's, else none; `days` since then, never below zero.

    A manifest may have a date that no calendar has (2024-02-30): it says nothing.
    """
    date, who = (by_git, GIT) if by_git else (by_manifest, MANIFEST if by_manifest else "")
    when = at(date)
    if when == EARLIEST:
        return RecordedAnswers(count, models)
    return RecordedAnswers(count, models, date, who, max(0, (now - when).days))
