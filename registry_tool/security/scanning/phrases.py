"""Phrases, found in one pass for their first words; a pattern is tried only where one of them stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick

from registry_tool.core.records import Record
from registry_tool.security.layers import Span

MOST_BEGINNINGS: Final = 100_000
"""First words that are followed up in a text: 9 MB of prose have a third of that."""
_PIECE: Final = 2**18
_HALVES = re.compile("[\ud800-\udfff]")


class Phrase(Record, frozen=True):
    """A family of phrases: its first words in lower case, and a pattern from there that reads a bounded piece."""

    begins: tuple[str, ...]
    pattern: str


class UnreadRest(NamedTuple):
    """The end of a text, not read since more than `MOST_BEGINNINGS` first words stand before it."""

    start: int
    end: int


class Phrases:
    """A table of phrases."""

    def __init__(self, table: Sequence[Phrase]) -> None:
        self._table = table
        self._owners = [number for number, phrase in enumerate(table) for _ in phrase.begins]

    def spans(self, text: str) -> Iterator[Span]:
        """Start and end of each phrase in a text, in order; none overlap. An `UnreadRest` may be the last."""
        done = tried = 0
        for start, number in self._beginnings(text):
            if start < done or not _is_word_start(text, start):
                continue
            if (tried := tried + 1) > MOST_BEGINNINGS:
                yield UnreadRest(start, len(text))
                return
            if found := self._patterns[number].match(text, start):
                done = found.end()
                yield start, done

    def _beginnings(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a first word stands, and which phrase's, in order; a piece of the text at a time."""
        for at in range(0, len(text), _PIECE):
            piece = _lower(text[at : at + _PIECE + self._longest - 1])
            hits = self._automaton.find_matches_as_indexes(piece, overlapping=True)
            yield from sorted(
                (at + start, self._owners[which]) for which, start, _ in hits if start < _PIECE
            )

    @cached_property
    def _longest(self) -> int:
        return max(len(word) for phrase in self._table for word in phrase.begins)

    @cached_property
    def _automaton(self) -> AhoCorasick:
        words = [word for phrase in self._table for word in phrase.begins]
        return AhoCorasick(words, store_patterns=False)

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(_bounded(phrase.pattern), re.IGNORECASE) for phrase in self._table)


def _bounded(pattern: str) -> str:
    """The pattern with words of at most 40 letters: texts without blanks would be read again at each beginning."""
    return pattern.replace(r"\w+", r"\w{1,40}").replace(r"\w*", r"\w{0,40}")


def _is_word_start(text: str, at: int) -> bool:
    before = text[at - 1 : at]
    return not (before.isascii() and before.isalnum())


def _lower(text: str) -> str:
    """The text in lower case, of the same length, without halves of surrogate pairs, which no automaton takes."""
    lower = text.replace("\u0130", "i").lower()  # the one letter whose lower case is two
    return lower if lower.isascii() else _HALVES.sub("\ufffd", lower)
