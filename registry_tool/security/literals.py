"""Where any of many literals stand in a text, in one pass (Aho-Corasick), in pieces so that memory stays small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation

PIECE: Final = 2**16
"""Characters that are looked at in one go: what many literals in them cost in memory is a few megabytes."""
_START = itemgetter(1)


class Literals:
    """Literals of ASCII characters, each with its number."""

    def __init__(self, literals: Iterable[str]) -> None:
        self.texts = tuple(dict.fromkeys(literals))
        self._rest = max(map(len, self.texts)) - 1
        self._automaton = AhoCorasick(
            self.texts, implementation=Implementation.DFA, store_patterns=False
        )

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """(number of the literal, start) of each in a text of ASCII characters, by start; they may overlap."""
        for at in range(0, len(text), PIECE):
            piece = text[at : at + PIECE + self._rest]
            hits = self._automaton.find_matches_as_indexes(piece, overlapping=True)
            hits.sort(key=_START)
            for number, start, _ in hits:
                if start < PIECE:  # else the next piece begins with it
                    yield number, at + start
