"""The files of the index and how a change alters one: each is a function of what it holds, however it came about.

All are compact JSON with sorted keys; a file that holds nothing is None, and isn't there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TypeVar, cast

from registry_tool.core.values import Object, Value
from registry_tool.site.search import postings
from registry_tool.site.search.layout import CHUNK

T = TypeVar("T")
Placed = tuple[str, str, int]
"""(term or value, rank, slot)."""


def dump(value: Value) -> bytes:
    """Compact JSON with sorted keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def load(data: bytes | None) -> Object:
    """A file's object; an empty one where there is no file."""
    return cast(Object, json.loads(data)) if data else {}


def patch(data: bytes | None, removed: Iterable[Placed], added: Iterable[Placed]) -> bytes | None:
    """A shard of terms, or a facet's file, with some postings fewer and some more."""
    shard = load(data)
    for term, changes in _by_term(removed, added).items():
        held = postings.decode(cast(str, shard.pop(term, "")))
        for rank, (gone, new) in changes.items():
            held[rank] = sorted((set(held.get(rank, ())) - gone) | new)
        if text := postings.encode(held):
            shard[term] = text
    return dump(shard) if shard else None


def _by_term(
    removed: Iterable[Placed], added: Iterable[Placed]
) -> dict[str, dict[str, tuple[set[int], set[int]]]]:
    """By term and rank: slots that go and slots that come."""
    found: dict[str, dict[str, tuple[set[int], set[int]]]] = {}
    for which, placed in enumerate((removed, added)):
        for term, rank, slot in placed:
            found.setdefault(term, {}).setdefault(rank, (set(), set()))[which].add(slot)
    return found


def patch_tail(data: bytes | None, gone: set[str], new: set[str]) -> bytes | None:
    """A shard of words by their ending: a sorted list."""
    held = set(cast(list[str], json.loads(data))) if data else set()
    left = sorted((held - gone) | new)
    return dump(cast(Value, left)) if left else None


def patch_column(data: bytes | None, values: Mapping[int, Value]) -> bytes | None:
    """A column's file with other values at some slots; null takes one out, trailing nulls aren't written."""
    held = _replaced(cast(list[Value], json.loads(data)) if data else [], values, None)
    return dump(held) if held else None


def patch_numbers(data: bytes | None, values: Mapping[int, Value]) -> bytes | None:
    """A number column's file (one text, numbers from 0) with other values at some slots; null takes one out."""
    held = list(postings.numerals(json.loads(data))) if data else []
    new = {slot: postings.numeral(cast("int | None", value)) for slot, value in values.items()}
    text = "".join(_replaced(held, new, postings.numeral(None)))
    return dump(text) if text else None


def _replaced(held: list[T], values: Mapping[int, T], nothing: T) -> list[T]:
    """The list with other items at some slots of its chunk, and without `nothing` at its end."""
    held += [nothing] * (max(slot % CHUNK for slot in values) + 1 - len(held))
    for slot, value in values.items():
        held[slot % CHUNK] = value
    while held and held[-1] == nothing:
        held.pop()
    return held


def patch_cards(data: bytes | None, cards: Mapping[int, Object | None]) -> bytes | None:
    """A file of cards by slot, with some put in or (None) taken out."""
    held = load(data)
    for slot, card in cards.items():
        held.pop(str(slot), None)
        if card is not None:
            held[str(slot)] = card
    return dump(held) if held else None
