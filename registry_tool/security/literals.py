"""Where any of many literals stand in a text, in one pass (Aho-Corasick), in pieces so that memory stays small."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

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

    def locations(self, text: str) -> Iterator[tuple[int, int]]:
        """(number of the literal, start) of each in a text of ASCII characters, by start; they may overlap."""
        for at in range(0, len(text), PIECE):
            piece = text[at : at + PIECE + self._rest]
            hits = self._automaton.find_matches_as_indexes(piece, overlapping=True)
            hits.sort(key=_START)
            for number, start, _ in hits:
                if start < PIECE:  # else the next piece begins with it
                    yield number, at + start


_SURROGATES = re.compile("[\ud800-\udfff]")


class Longest:
    """Texts of any characters, of which there may be tens of thousands."""

    def __init__(self, texts: Iterable[str]) -> None:
        whole = dict.fromkeys(map(_whole, texts))
        self._automaton = AhoCorasick(
            whole, matchkind=MatchKind.LeftmostLongest, store_patterns=False
        )

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """(start, end) of each that stands in a text, the longest where several begin; none overlap."""
        for _, start, end in self._automaton.find_matches_as_indexes(_whole(text)):
            yield start, end


def _whole(text: str) -> str:
    """The text without halves of surrogate pairs, which the automaton doesn't take; places stay."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)
