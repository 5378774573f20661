"""Which workflows pass the qualifiers. `site_templates/assets/search-filters.js` filters the same."""

from __future__ import annotations

from collections.abc import Iterable

from registry_tool.site.search.document import SEARCHED
from registry_tool.site.search.query.index_files import IndexFiles, slots_of
from registry_tool.site.search.query.parse import Filter, Query, Range
from registry_tool.site.search.query.variants import allowed, distance
from registry_tool.site.search.ranking import RANKING
from registry_tool.site.search.text import fold

_TENTHS = 10
"""What the column of ratings counts."""


def passing(index: IndexFiles, query: Query, slots: set[int]) -> set[int]:
    """Those of some slots that pass all qualifiers; several of what a workflow has once are alternatives."""
    alternatives: dict[str, set[int]] = {}
    left = set(slots)
    for filter_ in query.filters:
        chosen = _chosen(index, filter_)
        if filter_.negative:
            left -= chosen
        elif filter_.dimension in RANKING.single:
            alternatives.setdefault(filter_.dimension, set()).update(chosen)
        else:
            left &= chosen
    for range_ in query.ranges:
        chosen = _in_range(index, range_)
        if _is_band(range_):
            alternatives.setdefault("band", set()).update(chosen)
        else:
            left &= chosen
    return left.intersection(*alternatives.values())


def _chosen(index: IndexFiles, filter_: Filter) -> set[int]:
    """The slots that a filter's values name; those of many values are found like words."""
    found: set[int] = set()
    for value in map(fold, filter_.values):
        if filter_.dimension in SEARCHED:
            prefix = f"{filter_.dimension}:"
            shard = index.shard(prefix + value)
            terms = [term for term in shard if term.startswith(prefix)]
            for term in _nearest(terms, prefix + value):
                found.update(slots_of(shard[term]))
        else:
            facet = index.facet(filter_.dimension)
            spelled = {fold(one): one for one in facet}
            for one in _nearest(spelled, value):
                found |= facet[spelled[one]]
    return found


def _nearest(values: Iterable[str], wanted: str) -> list[str]:
    """The value itself, else those that begin so (always with a star), else the nearest with a typo."""
    known = list(values)
    plain = wanted.removesuffix("*")
    starred = plain != wanted
    if not starred and plain in known:
        return [plain]
    longer = [value for value in known if value.startswith(plain)]
    if longer or starred:
        return longer
    most = allowed(plain[plain.find(":") + 1 :])
    edits = {value: distance(plain, value, most) for value in known}
    least = min(edits.values(), default=most + 1)
    return [value for value in known if edits[value] == least <= most]


def _in_range(index: IndexFiles, range_: Range) -> set[int]:
    scale = _TENTHS if range_.column == "rating" else 1
    return {
        slot
        for slot, value in index.column(range_.column).items()
        if (range_.low <= value / scale <= range_.high) != range_.negative
    }


def _is_band(range_: Range) -> bool:
    """A band of scores that the site counts: bands are alternatives."""
    bands = RANKING.bands.values()
    return (
        range_.column == "score"
        and not range_.negative
        and any(f"{range_.low:g}..{range_.high:g}" == band for band in bands)
    )
