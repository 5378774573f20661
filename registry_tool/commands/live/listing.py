"""Which workflows a list shows: filtered, sorted, one page of them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from registry_tool.catalogue.summaries import Summary
from registry_tool.core.values import Value

MOST_A_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What to list. Every tag must be there; `q` is a search (docs/search.md); `sort` is a key of `ORDERS`."""

    category: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    q: str = ""
    sort: str = ""
    page: int = 1
    per_page: int = 20


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page: its summaries, how many workflows there are on all, and on how many pages."""

    workflows: tuple[Summary, ...]
    total: int
    pages: int


def _name(summary: Summary) -> tuple[object, ...]:
    return (summary["name"],)


def _most(key: str) -> Callable[[Summary], tuple[object, ...]]:
    return lambda summary: (-(cast(float, summary[key]) or 0), summary["name"])


ORDERS: Final[dict[str, Callable[[Summary], tuple[object, ...]]]] = {
    "name": _name,
    "updated": _name,
    "downloads": _most("downloads"),
    "rating": _most("rating"),
}
"""By what a list can be sorted: names from a to z, all else from the most (or newest) to the least."""


def listed(
    summaries: Mapping[str, Summary], query: ListQuery, ranked: Sequence[str] | None = None
) -> ListPage:
    """The page that a query asks for; empty behind the last one.

    `ranked` are the names that `q` finds, the best first: no other is listed, and without a `sort` in that order.
    """
    asked = summaries if ranked is None else [name for name in ranked if name in summaries]
    found = [one for name in asked if _fits(one := summaries[name], query)]
    if ranked is None or query.sort:
        found = _sorted(found, query.sort)
    start = (query.page - 1) * query.per_page
    shown = tuple(found[start : start + query.per_page])
    return ListPage(shown, len(found), max(1, -(-len(found) // query.per_page)))


def _sorted(found: list[Summary], order: str) -> list[Summary]:
    ordered = sorted(found, key=ORDERS[order or "name"])
    if order == "updated":
        ordered.sort(key=lambda summary: cast(str, summary["updated"] or ""), reverse=True)
    return ordered


def _fits(summary: Summary, query: ListQuery) -> bool:
    tags = cast(list[Value], summary["tags"])
    return (
        query.category in ("", summary["category"])
        and query.author in ("", summary["author"])
        and all(tag in tags for tag in query.tags)
    )
