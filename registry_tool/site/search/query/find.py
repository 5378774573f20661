"""What a query finds, in which order: the catalogue's ranking (docs/search.md) over an index's files.

`site_templates/assets/search-match.js` is the same for browsers; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import floor

from registry_tool.site.search.query.filters import passing
from registry_tool.site.search.query.index_files import IndexFiles
from registry_tool.site.search.query.match import Match, match, wanted
from registry_tool.site.search.query.parse import Query
from registry_tool.site.search.ranking import RANKING

_FINE = 10_000
_PRIORS = 16
_MOST = 1e8


@dataclass(frozen=True, slots=True)
class Found:
    """Slots in order, each with what it was ordered by (the highest first), and how the words were read."""

    slots: tuple[int, ...]
    keys: Mapping[int, float]
    match: Match


def find(index: IndexFiles, query: Query, order: str = "") -> Found:
    """All that a query finds; `order` (one of `RANKING.orders`) counts where the query asks for none."""
    sort = query.sort or order or "relevance"
    words = wanted(query.words)
    matched = match(index, words) if words and index.header.chunks else Match(is_open=True)
    there = {slot for slot in index.column("prior") if matched.admits(slot)}
    key = _key_of(index, sort, matched)
    keys = {slot: min(_MOST, key(slot)) for slot in passing(index, query, there)}
    late = sort == "updated"  # of two of the same day, the later one
    slots = sorted(keys, key=lambda slot: (-keys[slot], -slot if late else slot))
    return Found(tuple(slots), keys, matched)


def _key_of(index: IndexFiles, sort: str, matched: Match) -> Callable[[int], float]:
    """What an order sorts by, the highest first."""
    if sort == "name":
        names = index.names()
        rank = {slot: at for at, slot in enumerate(sorted(names, key=names.__getitem__)[::-1])}
        return lambda slot: rank.get(slot, 0)
    column = index.column(RANKING.orders[sort])
    if sort != "relevance":
        return lambda slot: column.get(slot, -1) + 1
    standing = RANKING.standing

    def relevance(slot: int) -> float:
        prior = column.get(slot, -1)
        points = _FINE * matched.points.get(slot, 0.0)
        points *= standing.least + prior * standing.per_point
        return floor(points * (1 if prior else standing.deprecated) + 0.5) * _PRIORS + prior

    return relevance
