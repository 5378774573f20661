"""Which slots hold a term, as text that compresses well: the gaps between them, five bits a character."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_CONTINUES = 32

ONLY_RANK = "x"
"""The rank of what has but one: a facet's value."""

Postings = Mapping[str, Sequence[int]]
"""Ascending slots by rank (`document.RANKS`): where in a workflow the term stands."""


def encode_slots(slots: Iterable[int]) -> str:
    """Ascending slots as gaps: of each gap less one its five lowest bits first, 32 added where more follow."""
    out: list[str] = []
    before = -1
    for slot in slots:
        gap = slot - before - 1
        out.append(ALPHABET[gap] if gap < _CONTINUES else _digits(gap))
        before = slot
    return "".join(out)


def encode_numbers(numbers: Iterable[int | None]) -> str:
    """Numbers from 0 in the same digits, each one more than it is: 0 is for None."""
    return "".join(_digits(0 if number is None else number + 1) for number in numbers)


def decode_numbers(text: str) -> list[int | None]:
    """The numbers that `encode_numbers` wrote."""
    return [value - 1 if value else None for value in _values(text)]


def _digits(value: int) -> str:
    out = ""
    while value >= _CONTINUES:
        out += ALPHABET[_CONTINUES + value % _CONTINUES]
        value //= _CONTINUES
    return out + ALPHABET[value]


def _values(text: str) -> Iterator[int]:
    found, weight = 0, 1
    for character in text:
        value = _VALUE[character]
        found += value % _CONTINUES * weight
        if value >= _CONTINUES:
            weight *= _CONTINUES
        else:
            yield found
            found, weight = 0, 1


def decode_slots(text: str) -> list[int]:
    """The slots that `encode_slots` wrote."""
    slots: list[int] = []
    slot = -1
    for gap in _values(text):
        slot += gap + 1
        slots.append(slot)
    return slots


def encode(postings: Postings) -> str:
    """All ranks that hold a slot, sorted: `<rank><gaps>`, parted by blanks."""
    return " ".join(rank + encode_slots(slots) for rank, slots in sorted(postings.items()) if slots)


def decode(text: str) -> dict[str, list[int]]:
    """What `encode` wrote."""
    return {part[0]: decode_slots(part[1:]) for part in text.split()}
