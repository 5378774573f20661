"""Which slots hold a term, as text that compresses well: the gaps between them, five bits a character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain, count
from operator import add, sub

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_CONTINUES = 32
_NUMBER = re.compile(
    "[g-z0-9_-]*[A-Za-f]"
)  # digits that say that more follow, then one that doesn't

ONLY_RANK = "x"
"""The rank of what has but one: a facet's value."""

Postings = Mapping[str, Sequence[int]]
"""Ascending slots by rank (`document.RANKS`): where in a workflow the term stands."""


def encode_slots(slots: Iterable[int]) -> str:
    """Ascending slots as gaps: of each gap less one its five lowest bits first, 32 added where more follow."""
    held = list(slots)
    return "".join(map(_gap, map(sub, held, chain((-1,), held))))


def numeral(number: int | None) -> str:
    """A number from 0 in the same digits, one more than it is: 0 is for None."""
    return _digits(0 if number is None else number + 1)


def numerals(text: str) -> list[str]:
    """The numerals that a text is put together of."""
    return _NUMBER.findall(text)


@lru_cache(1 << 16)
def _digits(value: int) -> str:
    out = ""
    while value >= _CONTINUES:
        out += ALPHABET[_CONTINUES + value % _CONTINUES]
        value //= _CONTINUES
    return out + ALPHABET[value]


@lru_cache(1 << 16)
def _gap(step: int) -> str:
    return _digits(step - 1)


@lru_cache(1 << 16)
def _value(digits: str) -> int:
    return sum(_VALUE[digit] % _CONTINUES * _CONTINUES**at for at, digit in enumerate(digits))


def _values(text: str) -> Iterator[int]:
    return map(_value, numerals(text))


def numbers(text: str) -> Iterator[int]:
    """The numbers that a text of numerals holds; -1 for None."""
    return (value - 1 for value in _values(text))


def decode_slots(text: str) -> list[int]:
    """The slots that `encode_slots` wrote."""
    return list(map(add, accumulate(_values(text)), count()))


def encode(postings: Postings) -> str:
    """All ranks that hold a slot, sorted: `<rank><gaps>`, parted by blanks."""
    return " ".join(rank + encode_slots(slots) for rank, slots in sorted(postings.items()) if slots)


def decode(text: str) -> dict[str, list[int]]:
    """What `encode` wrote."""
    return {part[0]: decode_slots(part[1:]) for part in text.split()}
