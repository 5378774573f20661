"""Which workflows a list shows: filtered, sorted, one page of them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, cast

from registry_tool.catalogue.summaries import Summary
from registry_tool.core.values import Value

MOST_A_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What to list. Every tag must be there; `q` are words that all occur; `sort` is a key of `ORDERS`."""

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


def listed(summaries: Iterable[Summary], query: ListQuery) -> ListPage:
    """The page that a query asks for; empty behind the last one."""
    words = query.q.casefold().split()
    found = [summary for summary in summaries if _fits(summary, query, words)]
    found = _sorted(found, query, words)
    start = (query.page - 1) * query.per_page
    shown = tuple(found[start : start + query.per_page])
    return ListPage(shown, len(found), max(1, -(-len(found) // query.per_page)))


def _sorted(found: list[Summary], query: ListQuery, words: list[str]) -> list[Summary]:
    if not query.sort and words:  # those with a word in their name come first
        return sorted(
            found,
            key=lambda s: (not any(word in cast(str, s["name"]) for word in words), s["name"]),
        )
    ordered = sorted(found, key=ORDERS[query.sort or "name"])
    if query.sort == "updated":
        ordered.sort(key=lambda summary: cast(str, summary["updated"] or ""), reverse=True)
    return ordered


def _fits(summary: Summary, query: ListQuery, words: list[str]) -> bool:
    tags = cast(list[Value], summary["tags"])
    return (
        query.category in ("", summary["category"])
        and query.author in ("", summary["author"])
        and all(tag in tags for tag in query.tags)
        and (not words or _holds(summary, words))
    )


def _holds(summary: Summary, words: list[str]) -> bool:
    tags = " ".join(map(str, cast(list[Value], summary["tags"])))
    told = (summary["name"], summary["description"], tags, summary["category"])
    text = " ".join(map(str, told)).casefold()
    return all(word in text for word in words)
