"""The files of an index, each read once. `site_templates/assets/search-index.js` reads the same.

A stranger's site may have written them: what hasn't its form is refused, with its path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, TypeVar

import msgspec

from registry_tool.core.errors import RegistryError
from registry_tool.site.search import layout, postings
from registry_tool.site.search.header import Header, read_header

T = TypeVar("T")
ReadFiles = Callable[[Sequence[str]], Sequence[bytes]]
"""Files of the index by their paths below the site's root; only those that exist are asked for."""

_POSTINGS: Final = dict[str, str]


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """What an index says of a workflow; `updated` is a moment, in old indexes a day."""

    name: str
    version: str = ""
    description: str = ""
    author: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    downloads: int = 0
    rating: float | None = None
    score: int | None = None
    updated: str = ""


class IndexFiles:
    """An index, of which nothing is read before it is asked for.

    `is_partial` says that it was made of WorkflowSummary objects, which tell neither models nor edges nor scores.
    """

    def __init__(self, read: ReadFiles, *, is_partial: bool = False) -> None:
        self.is_partial = is_partial
        self._read = read
        self._files: dict[str, object] = {}
        self._facets: dict[str, Mapping[str, set[int]]] = {}
        self._columns: dict[str, Mapping[int, int]] = {}

    def _all(self, paths: Iterable[str], form: type[T]) -> list[T]:
        wanted = list(paths)
        missing = [path for path in dict.fromkeys(wanted) if path not in self._files]
        for path, data in zip(missing, self._read(missing), strict=True):
            self._files[path] = _decoded(data, form, path)
        return [self._files[path] for path in wanted]  # type: ignore[misc]  # each path has one form

    @cached_property
    def header(self) -> Header:
        """How many workflows there are, and which files."""
        try:
            return read_header(self._read([layout.HEADER])[0])
        except (KeyError, TypeError, ValueError) as error:
            raise _malformed(layout.HEADER, f"its form is not known ({error})") from None

    @property
    def size(self) -> int:
        """One more than the highest slot may be."""
        return layout.CHUNK * (max(self.header.chunks, default=-1) + 1)

    def shard(self, term: str) -> Mapping[str, str]:
        """Postings by term, of the shard that a term would be in."""
        shard = layout.shard_of(term)
        if shard not in self.header.terms:
            return {}
        return self._all([layout.terms_path(shard)], _POSTINGS)[0]

    def tail(self, word: str) -> Sequence[str]:
        """Words that end as this one does."""
        shard = layout.tail_of(word)
        if shard not in self.header.tails:
            return ()
        return self._all([layout.tails_path(shard)], list[str])[0]

    def facet(self, dimension: str) -> Mapping[str, set[int]]:
        """Slots by value."""
        if dimension not in self._facets:
            self._facets[dimension] = self._facet(dimension)
        return self._facets[dimension]

    def _facet(self, dimension: str) -> Mapping[str, set[int]]:
        found: dict[str, set[int]] = {}
        for file in self._chunks(layout.facet_path, dimension, _POSTINGS):
            for value, text in file.items():
                found.setdefault(value, set()).update(slots_of(text))
        return found

    def column(self, name: str) -> Mapping[int, int]:
        """A column's numbers by slot; a slot without one isn't there."""
        if name not in self._columns:
            self._columns[name] = self._column(name)
        return self._columns[name]

    def _column(self, name: str) -> Mapping[int, int]:
        found: dict[int, int] = {}
        files = self._chunks(layout.column_path, name, str)
        for chunk, file in zip(self._numbers, files, strict=True):
            for at, number in enumerate(postings.numbers(file)):
                if number >= 0:
                    found[chunk * layout.CHUNK + at] = number
        return found

    def names(self) -> Mapping[int, str]:
        """Every name by slot."""
        found: dict[int, str] = {}
        files = self._chunks(layout.column_path, "name", list[str | None])
        for chunk, file in zip(self._numbers, files, strict=True):
            for at, name in enumerate(file):
                if name:
                    found[chunk * layout.CHUNK + at] = name
        return found

    @property
    def _numbers(self) -> list[int]:
        return sorted(self.header.chunks)

    def _chunks(self, path: Callable[[str, int], str], name: str, form: type[T]) -> list[T]:
        return self._all((path(name, chunk * layout.CHUNK) for chunk in self._numbers), form)

    def cards(self, slots: Sequence[int]) -> dict[int, Card]:
        """What the index says of slots, in their order; one that has gone meanwhile is left out."""
        files = self._all(map(layout.cards_path, slots), dict[str, Card])
        found = {slot: file.get(str(slot)) for file, slot in zip(files, slots, strict=True)}
        return {slot: card for slot, card in found.items() if card}


def slots_of(text: str) -> Iterable[int]:
    """All slots of a term's or a value's postings."""
    return (slot for slots in postings.decode(text).values() for slot in slots)


def _decoded(data: bytes, form: type[T], path: str) -> T:
    try:
        return msgspec.json.decode(data, type=form)
    except msgspec.DecodeError as error:
        raise _malformed(path, str(error)) from None


def _malformed(path: str, why: str) -> RegistryError:
    return RegistryError(
        f"this file of the search index can't be read: {why}",
        location=path,
        hint="`registry-tool build` rebuilds the index",
    )
