"""Which slots hold a term, as text that compresses well: the gaps between them, five bits a character."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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
        before = slot
        while gap >= _CONTINUES:
            out.append(ALPHABET[_CONTINUES + gap % _CONTINUES])
            gap //= _CONTINUES
        out.append(ALPHABET[gap])
    return "".join(out)


def decode_slots(text: str) -> list[int]:
    """The slots that `encode_slots` wrote."""
    slots: list[int] = []
    slot, gap, weight = -1, 0, 1
    for character in text:
        value = _VALUE[character]
        gap += value % _CONTINUES * weight
        if value >= _CONTINUES:
            weight *= _CONTINUES
        else:
            slot += gap + 1
            slots.append(slot)
            gap, weight = 0, 1
    return slots


def encode(postings: Postings) -> str:
    """All ranks that hold a slot, sorted: `<rank><gaps>`, parted by blanks."""
    return " ".join(rank + encode_slots(slots) for rank, slots in sorted(postings.items()) if slots)


def decode(text: str) -> dict[str, list[int]]:
    """What `encode` wrote."""
    return {part[0]: decode_slots(part[1:]) for part in text.split()}
