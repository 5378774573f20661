"""Downloads over time: `registry/metadata/downloads/<name>.json`, and what a reader sees of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import msgspec

from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.store import paths
from registry_tool.store.tree import Tree

KEPT_WEEKS: Final = 104


class DownloadHistory(Stored, frozen=True):
    """Downloads in total, by the Monday of the week that saw them."""

    weeks: dict[str, int] = msgspec.field(default_factory=dict)


HISTORY = FileFormat[DownloadHistory](DownloadHistory, "history of downloads")


def load_weeks(tree: Tree, name: str) -> Mapping[str, int]:
    """A workflow's downloads in total by week, oldest first; empty where nobody counted them."""
    path = paths.downloads_file(name)
    try:
        data = tree.read(path)
    except NotFoundError:
        return {}
    found = HISTORY.read(data, path).weeks
    for week in found:
        _demand_monday(week, path)
    return dict(sorted(found.items())[-KEPT_WEEKS:])


def _demand_monday(week: str, path: str) -> None:
    try:
        right = date.fromisoformat(week).isoformat() == week == week_of(date.fromisoformat(week))
    except ValueError:
        right = False
    if not right:
        raise RegistryError(
            f"{week[:40]!r} is not the Monday of a week",
            location=path,
            hint="remove the entry, or run `registry-tool refresh-stats`",
        )


def week_of(day: date) -> str:
    """The Monday of a day's week, as RFC 3339 writes a date."""
    return (day - timedelta(days=day.weekday())).isoformat()


def week_before(week: str) -> str:
    """The Monday before a Monday."""
    return (date.fromisoformat(week) - timedelta(weeks=1)).isoformat()


def with_week(weeks: Mapping[str, int], week: str, total: int) -> dict[str, int]:
    """Totals by week with one more, the oldest of more than `KEPT_WEEKS` left out."""
    found = dict(sorted({**weeks, week: total}.items()))
    return dict(list(found.items())[-KEPT_WEEKS:])


def weekly_growth(weeks: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
    """(week, downloads in it, total) of every week from the second that is known on; quiet weeks included."""
    known = sorted(weeks.items())
    for (before, old), (week, total) in pairwise(known):
        day, end = date.fromisoformat(before) + timedelta(weeks=1), date.fromisoformat(week)
        while day < end:
            yield day.isoformat(), 0, old
            day += timedelta(weeks=1)
        yield week, total - old, total
