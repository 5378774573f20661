"""Searches of registries, in the catalogue's order: what the site's own page finds, and as it ranks it.

A built site's index is read as a browser reads it, some small files a search. A clone has none: it is made in
memory of all workflows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Final, Protocol

import msgspec

from registry_tool.core.errors import UsageError
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Frozen, Object
from registry_tool.site.search.index import search_files
from registry_tool.site.search.query.find import Found, find
from registry_tool.site.search.query.index_files import Card, IndexFiles
from registry_tool.site.search.query.parse import parse
from registry_tool.site.search.ranking import RANKING
from registry_tool.sources.base import Searchable

PAGE: Final = 20
"""Results whose cards are read at once."""


class Earlier(Protocol):
    """Whether a registry that goes first has a workflow of a name: then that one is meant."""

    def __call__(self, position: int, name: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What a search finds.

    `workflows` are WorkflowSummary objects in order, read as far as somebody looks; `total` is how many there are
    (of a name that several registries have, each counts). `corrected` has the words that were searched for instead
    of a misspelled one, `split` the words as they were read otherwise; `relaxed` says that not all words were
    demanded, `unknown` what looked like a qualifier, `is_partial` that only what summaries say was known.
    """

    workflows: Iterator[Object]
    total: int
    corrected: dict[str, list[str]]
    split: tuple[str, ...]
    relaxed: bool
    unknown: tuple[str, ...]
    is_partial: bool

    def first(self, limit: int) -> list[Object]:
        """The first so many workflows (0: all)."""
        return list(islice(self.workflows, limit or None))

    def notes(self) -> list[str]:
        """How the words were read, in sentences; nothing where they were taken as typed."""
        sentences = [
            f"nothing has {word}: searched for {' or '.join(meant)}"
            for word, meant in self.corrected.items()
        ]
        if self.split:
            sentences.append(f"searched for: {' '.join(self.split)}")
        if self.relaxed:
            sentences.append("no workflow has all words: these have some")
        if self.is_partial:
            sentences.append(
                "the registry has no search index: models, edges, licences and scores are not known"
            )
        return [
            *sentences,
            *(f"{name}: is not a qualifier, and was taken for a word" for name in self.unknown),
        ]


def index_of(summaries: Iterable[Frozen], *, is_partial: bool = False) -> IndexFiles:
    """An index in memory; the workflows come in the order of their first publication."""
    files = dict(search_files(enumerate(summaries)))
    return IndexFiles(lambda paths: [files[path] for path in paths], is_partial=is_partial)


def search(
    readers: Sequence[Searchable], text: str, order: str = "", earlier: Earlier | None = None
) -> SearchResults:
    """What a text finds in registries, the first of which goes first where results are worth the same.

    `UsageError` for an order that there is not.
    """
    if order and order not in RANKING.orders:
        raise UsageError(
            f"{order!r} is not an order",
            hint=did_you_mean(order, RANKING.orders, f"there are {', '.join(RANKING.orders)}"),
        )
    query = parse(text)
    indexes = [reader.search_index() for reader in readers]
    founds = [find(index, query, order) for index in indexes]
    matching = [found for found in founds if found.slots] or founds[:1]
    return SearchResults(
        workflows=_merged(indexes, founds, query.sort or order, earlier),
        total=sum(len(found.slots) for found in founds),
        corrected=dict(matching[0].match.corrected) if matching else {},
        split=matching[0].match.split if matching else (),
        relaxed=bool(matching) and matching[0].match.relaxed,
        unknown=tuple(query.unknown),
        is_partial=any(index.is_partial for index in indexes),
    )


def _merged(
    indexes: Sequence[IndexFiles], founds: Sequence[Found], order: str, earlier: Earlier | None
) -> Iterator[Object]:
    ranked = [
        _ranked(index, found, position, by_name=order == "name")
        for position, (index, found) in enumerate(zip(indexes, founds, strict=True))
    ]
    for (_, position, _), card in merge(*ranked, key=lambda pair: pair[0]):
        if not (position and earlier and earlier(position, card.name)):
            yield summary_of(card)


def _ranked(
    index: IndexFiles, found: Found, position: int, *, by_name: bool
) -> Iterator[tuple[tuple[str | float, int, int], Card]]:
    """Each card with what it is sorted by."""
    for start in range(0, len(found.slots), PAGE):
        slots = found.slots[start : start + PAGE]
        for at, (slot, card) in enumerate(index.cards(slots).items(), start):
            yield (card.name if by_name else -found.keys[slot], position, at), card


def summary_of(card: Card) -> Object:
    """The WorkflowSummary that a card holds."""
    found: Object = msgspec.to_builtins(card)
    found.pop("score")
    return {**found, "tags": list(card.tags)}
