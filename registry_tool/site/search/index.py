"""The whole index of a registry at once, in memory that grows with its postings alone."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.site.search import layout
from registry_tool.site.search.change import Documents
from registry_tool.site.search.document import Summary, card, columns, entries, facets
from registry_tool.site.search.header import Header
from registry_tool.site.search.postings import ONLY_RANK, encode
from registry_tool.site.search.shards import dump, patch_cards, patch_column, patch_numbers

_Held = dict[str, dict[str, "array[int]"]]
"""Slots by term and rank."""


def search_files(documents: Documents) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of every file of the index of these workflows, whose slots ascend."""
    index = _Index()
    for slot, summary in documents:
        index.add(slot, summary)
    yield from index.files()


class _Index:
    """Everything by the path of its file."""

    def __init__(self) -> None:
        self.workflows = 0
        self.chunks: set[int] = set()
        self.postings: dict[str, _Held] = {}
        self.columns: dict[str, dict[int, Value]] = {}
        self.cards: dict[str, dict[int, Object | None]] = {}

    def add(self, slot: int, summary: Summary) -> None:
        """Take a workflow in, after those of lower slots."""
        self.workflows += 1
        self.chunks.add(slot // layout.CHUNK)
        self.cards.setdefault(layout.cards_path(slot), {})[slot] = card(summary)
        for name, value in columns(summary).items():
            self.columns.setdefault(layout.column_path(name, slot), {})[slot] = value
        for term, rank in entries(summary).items():
            self._place(layout.term_path(term), term, rank, slot)
        for dimension, values in facets(summary).items():
            self.postings.setdefault(layout.facet_path(dimension, slot), {})
            for value in values:
                self._place(layout.facet_path(dimension, slot), value, ONLY_RANK, slot)

    def _place(self, path: str, term: str, rank: str, slot: int) -> None:
        held = self.postings.setdefault(path, {}).setdefault(term, {})
        held.setdefault(rank, array("I")).append(slot)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file."""
        tails: dict[int, list[str]] = {}
        for path, held in self.postings.items():
            yield path, dump({term: encode(ranks) for term, ranks in held.items()})
            if path.startswith(layout.TERMS):
                for term in filter(layout.is_tailed, held):
                    tails.setdefault(layout.tail_of(term), []).append(term)
        for shard, words in tails.items():
            yield layout.tails_path(shard), dump(cast(Value, sorted(words)))
        for path, values in self.columns.items():
            write = patch_column if layout.is_names(path) else patch_numbers
            yield path, write(None, values) or layout.empty_file(path)
        for path, cards in self.cards.items():
            yield path, patch_cards(None, cards) or b""
        yield layout.HEADER, self._header(tails).to_bytes()

    def _header(self, tails: Iterable[int]) -> Header:
        terms = [int(p[-8:-5], 16) for p in self.postings if p.startswith(layout.TERMS)]
        return Header(self.workflows, frozenset(self.chunks), frozenset(terms), frozenset(tails))
