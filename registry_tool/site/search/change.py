"""The index after some workflows came, went or changed: only what they touch is read and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from registry_tool.core.values import Object, Value
from registry_tool.site.search import layout
from registry_tool.site.search.document import (
    COLUMNS,
    FACETS,
    Summary,
    card,
    columns,
    entries,
    facets,
)
from registry_tool.site.search.header import Header, read_header
from registry_tool.site.search.postings import ONLY_RANK
from registry_tool.site.search.shards import (
    Placed,
    load,
    patch,
    patch_cards,
    patch_column,
    patch_numbers,
    patch_tail,
)

Read = Callable[[str], bytes | None]
"""A file of the present index by its path from the site's root; None where there is none."""

Expect = Callable[[Iterable[str]], None]
"""Told of files that are about to be read, so that they can be fetched in one go."""

Documents = Iterable[tuple[int, Summary]]
"""(slot, summary) of workflows. A slot is a workflow's for good."""

Write = tuple[str, bytes | None]
"""A path from the site's root and what stands there from now on; None: nothing."""


def search_changes(
    read: Read, removed: Documents, added: Documents, expect: Expect = lambda _: None
) -> Iterator[Write]:
    """What to write so that the index holds `added` instead of `removed`; a changed workflow is in both.

    The result is, byte for byte, the index that `search_files` makes of what is left. The number of files is
    bounded by the terms that change, not by the size of the registry.
    """
    gone, new = dict(removed), dict(added)
    expect(_paths(gone, new))
    header = read_header(read(layout.HEADER))
    terms, tails = set(header.terms), set(header.tails)
    yield from _terms(read, expect, gone, new, (terms, tails))
    chunks = set(header.chunks)
    columns = list(_columns(read, gone, new))
    for path, data in columns:
        if layout.is_prior(path):
            _note(chunks, layout.chunk_of(path), data)
    for path, data in (*columns, *_facets(read, gone, new)):
        yield path, data or _empty(path, chunks)
    yield from _cards(read, gone, new)
    count = header.workflows + len(new) - len(gone)
    after = Header(count, frozenset(chunks), frozenset(terms), frozenset(tails))
    yield layout.HEADER, after.to_bytes()


def _empty(path: str, chunks: set[int]) -> bytes | None:
    """What stands in a facet's or column's file that holds nothing: all files of an existing chunk exist."""
    return layout.empty_file(path) if layout.chunk_of(path) in chunks else None


_Slots = dict[int, Summary]


def _paths(gone: _Slots, new: _Slots) -> set[str]:
    """What is read in any case."""
    found = {layout.HEADER, *map(layout.terms_path, _shards(gone, new))}
    found |= {path for path, _ in (*_columns(_nothing, gone, new), *_facets(_nothing, gone, new))}
    return found | {layout.cards_path(slot) for slot in gone.keys() | new.keys()}


def _nothing(_: str) -> None:
    return None


def _shards(gone: _Slots, new: _Slots) -> dict[int, tuple[list[Placed], list[Placed]]]:
    before, after = _placed(gone), _placed(new)
    shards: dict[int, tuple[list[Placed], list[Placed]]] = {}
    for which, placed in enumerate((before - after, after - before)):
        for place in placed:
            shards.setdefault(layout.shard_of(place[0]), ([], []))[which].append(place)
    return shards


def _terms(
    read: Read, expect: Expect, gone: _Slots, new: _Slots, existing: tuple[set[int], set[int]]
) -> Iterator[Write]:
    terms, tails = existing
    vanished: set[str] = set()
    appeared: set[str] = set()
    for shard, (less, more) in sorted(_shards(gone, new).items()):
        path = layout.terms_path(shard)
        held = read(path)
        data = patch(held, less, more)
        yield path, data
        _note(terms, shard, data)
        touched = {term for term, _, _ in (*less, *more) if layout.is_tailed(term)}
        old, now = load(held).keys() & touched, load(data).keys() & touched
        vanished |= old - now
        appeared |= now - old
    expect({layout.tails_path(layout.tail_of(term)) for term in vanished | appeared})
    yield from _tails(read, vanished, appeared, tails)


def _placed(documents: _Slots) -> set[Placed]:
    return {
        (term, rank, slot)
        for slot, summary in documents.items()
        for term, rank in entries(summary).items()
    }


def _tails(read: Read, gone: set[str], new: set[str], tails: set[int]) -> Iterator[Write]:
    for shard in sorted({layout.tail_of(term) for term in gone | new}):
        path = layout.tails_path(shard)
        inside = [{t for t in terms if layout.tail_of(t) == shard} for terms in (gone, new)]
        data = patch_tail(read(path), *inside)
        yield path, data
        _note(tails, shard, data)


def _note(existing: set[int], number: int, data: bytes | None) -> None:
    """Remember whether a file is there."""
    if data is None:
        existing.discard(number)
    else:
        existing.add(number)


def _columns(read: Read, gone: _Slots, new: _Slots) -> Iterator[Write]:
    nothing: Object = dict.fromkeys(COLUMNS)
    before = {slot: columns(summary) for slot, summary in gone.items()}
    after = {slot: columns(summary) for slot, summary in new.items()}
    files: dict[str, dict[int, Value]] = {}
    for slot in sorted(before.keys() | after.keys()):
        old, now = before.get(slot, nothing), after.get(slot, nothing)
        comes_or_goes = slot not in before or slot not in after
        for name in COLUMNS:
            if comes_or_goes or old[name] != now[name]:
                files.setdefault(layout.column_path(name, slot), {})[slot] = now[name]
    for path, values in files.items():
        write = patch_column if layout.is_names(path) else patch_numbers
        yield path, write(read(path), values)


def _facets(read: Read, gone: _Slots, new: _Slots) -> Iterator[Write]:
    files: dict[str, tuple[list[Placed], list[Placed]]] = {}
    for slot in sorted(gone.keys() | new.keys()):
        old, now = facets(gone.get(slot, {})), facets(new.get(slot, {}))
        stays = slot in gone and slot in new
        for dimension in FACETS:
            if stays and set(old[dimension]) == set(now[dimension]):
                continue
            less, more = files.setdefault(layout.facet_path(dimension, slot), ([], []))
            less += [(value, ONLY_RANK, slot) for value in old[dimension]]
            more += [(value, ONLY_RANK, slot) for value in now[dimension]]
    for path, (less, more) in files.items():
        yield path, patch(read(path), less, more)


def _cards(read: Read, gone: _Slots, new: _Slots) -> Iterator[Write]:
    files: dict[str, dict[int, Object | None]] = {}
    for slot in sorted(gone.keys() | new.keys()):
        shown = card(new[slot]) if slot in new else None
        files.setdefault(layout.cards_path(slot), {})[slot] = shown
    for path, cards in files.items():
        before = read(path)
        data = patch_cards(before, cards)
        if data != before:
            yield path, data
