"""`registry-tool refresh-stats`: downloads and ratings as the forge counts them, committed where they differ."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from registry_tool.catalogue.downloads import (
    HISTORY,
    DownloadHistory,
    load_weeks,
    week_before,
    week_of,
    with_week,
)
from registry_tool.catalogue.load import load_numbers
from registry_tool.catalogue.ratings import downloads_by_name, rating_of
from registry_tool.commands.jobs.dispatch import Via, forge_of
from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import pretty_json
from registry_tool.core.values import Object, Value
from registry_tool.forge.base import Forge
from registry_tool.forge.model import ReactedDiscussion
from registry_tool.store import paths
from registry_tool.store.branch import Branch
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.repository import Repository
from registry_tool.store.person import bot_identity

CATEGORY: Final = "workflows"
"""The category whose discussions are workflows'; only maintainers open some there (docs/maintainers.md)."""


@dataclass(frozen=True, slots=True)
class ForgeCounts:
    """What the forge counts: downloads by workflow, and reactions by the titles of discussions."""

    downloads: Mapping[str, int]
    ratings: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """The files that were written, and the numbers that hold now."""

    written: tuple[str, ...]
    counted: ForgeCounts

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "written": list[Value](self.written),
            "downloads": dict[str, Value](self.counted.downloads),
            "ratings": dict[str, Value](self.counted.ratings),
        }


def refresh_stats(  # noqa: PLR0913 - all but one are named and have a default
    root: Path,
    *,
    branch: str = "main",
    remote: str = "",
    environ: Mapping[str, str] | None = None,
    forge: Forge | None = None,
    clock: Clock | None = None,
) -> RefreshResult:
    """Ask the forge, and commit what differs to the registry's branch; `RegistryError` where it takes no push."""
    given = os.environ if environ is None else environ
    counting_forge = forge or forge_of(Via.GITHUB, root, remote, given)
    if counting_forge is None:
        raise UsageError("no forge counts anything for this registry")
    now = (clock or SystemClock()).now()
    where = Branch(Repository(root), branch, remote)
    found: list[ForgeCounts] = []
    written: list[str] = []

    def write(tree: GitTree) -> Mapping[str, bytes | None]:
        names = frozenset(tree.folders(paths.WORKFLOWS))
        if not found:
            found.append(counted(counting_forge, names, load_numbers(tree)[0]))
        changes = changed(tree, found[0], week_of(now.date()))
        written[:] = sorted(changes)
        return changes

    if not where.tip():
        raise RegistryError(f"there is no branch {branch}", location=remote or str(root))
    try:
        where.write(write, "Refresh downloads and ratings", bot_identity(now))
    except GitError as error:
        if not error.tells_of_a_rule:
            raise
        raise RegistryError(
            f"the branch {branch} takes no push from here: its rules require pull requests",
            location=remote,
            hint="let a deploy key past them, as docs/maintainers.md says (Downloads and ratings)",
        ) from None
    return RefreshResult(tuple(written), found[0])


def counted(forge: Forge, names: Collection[str], known: Mapping[str, int]) -> ForgeCounts:
    """What the forge counts of these workflows; a count that was known never falls, whatever was deleted there."""
    now = downloads_by_name(forge.releases.downloads())
    totals = {name: max(now.get(name, 0), known.get(name, 0)) for name in sorted(names)}
    ratings = _ratings(forge.discussions.reacted(), names)
    return ForgeCounts({name: total for name, total in totals.items() if total}, ratings)


def _ratings(found: Iterable[ReactedDiscussion], names: Collection[str]) -> dict[str, float]:
    """By name; of two discussions with one title the older counts."""
    ratings: dict[str, float | None] = {}
    for one in found:
        if one.category == CATEGORY and one.title in names:
            ratings.setdefault(one.title, rating_of(one.reactions))
    return {name: rating for name, rating in sorted(ratings.items()) if rating is not None}


def changed(tree: GitTree, counted: ForgeCounts, week: str) -> dict[str, bytes | None]:
    """The files that say something else than a tree's. A history gets a week where its count grew."""
    before, file = load_numbers(tree)[0], f"{paths.METADATA}/downloads.json"
    wanted = {
        file: _json(counted.downloads),
        f"{paths.METADATA}/ratings.json": _json(counted.ratings),
    }
    for name, total in counted.downloads.items():
        if total != before.get(name):
            path = paths.downloads_file(name)
            old = load_weeks(tree, name)
            if not old and tree.has(file):  # it was looked for before, and had so many
                old = {week_before(week): before.get(name, 0)}
            wanted[path] = HISTORY.to_bytes(DownloadHistory(with_week(old, week, total)))
    return {p: data for p, data in wanted.items() if not tree.has(p) or tree.read(p) != data}


def _json(numbers: Mapping[str, float]) -> bytes:
    return pretty_json(dict[str, Value](numbers)).encode()
