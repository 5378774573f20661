"""Which workflows have the words of a query. `site_templates/assets/search-match.js` matches the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from registry_tool.site.search.query.index_files import IndexFiles
from registry_tool.site.search.query.parse import Word
from registry_tool.site.search.query.worth import rarity, word_worth
from registry_tool.site.search.ranking import RANKING
from registry_tool.site.search.text import STOP_WORDS, is_cjk, runs

_BONUS = RANKING.bonus
_SHORTEST_SPLIT = 7
_SHORTEST_PART = 3
_SHORTEST_LOOSE_RUN = 3


@dataclass(frozen=True, slots=True)
class Match:
    """Points by slot; where only words were left out, every slot is found (`is_open`) but those `without`.

    `corrected` has the words that were meant by misspelled one, `split` the words as they were read otherwise, and
    `relaxed` says that not all words were demanded.
    """

    points: Mapping[int, float] = field(default_factory=dict)
    without: frozenset[int] = frozenset()
    is_open: bool = False
    corrected: Mapping[str, list[str]] = field(default_factory=dict)
    relaxed: bool = False
    split: tuple[str, ...] = ()

    @property
    def is_found(self) -> bool:
        """Whether anything is."""
        return self.is_open or bool(self.points)

    def admits(self, slot: int) -> bool:
        """Whether a slot is found."""
        return slot in self.points or (self.is_open and slot not in self.without)


def wanted(typed: Sequence[Word]) -> list[Word]:
    """The words to look for: runs of what was typed, without stop words unless there is nothing else."""
    every = [replace(word, text=run) for word in typed for run in runs(word.text)]
    telling = [word for word in every if word.exact or word.text not in STOP_WORDS]
    return telling or every


def match(index: IndexFiles, words: list[Word]) -> Match:
    """Words as typed; else split or joined otherwise; else with typos; else whatever has some of them."""
    first = _all_words(index, words)
    if first.is_found and not first.corrected:
        return first
    other = _otherwise_split(index, words)
    if other:
        again = _all_words(index, other)
        if again.is_found and not again.corrected:
            return replace(again, split=tuple(word.text for word in other))
    if first.is_found:
        return first
    if any(not word.exact and not is_cjk(word.text) for word in words):
        with_typos = _all_words(index, words, typos=True)
        if with_typos.is_found:
            return with_typos
    return _some_words(index, words) or first


def _some_words(index: IndexFiles, words: list[Word]) -> Match | None:
    """None where the query has but one word to leave out."""
    positive = [word for word in words if not word.negative]
    long = any(is_cjk(word.text) and len(word.text) >= _SHORTEST_LOOSE_RUN for word in positive)
    if len(positive) < 2 and not long:
        return None
    return replace(_all_words(index, words, some=True), relaxed=True)


@dataclass(slots=True)
class _Tally:
    """What the words that were gone through give a slot."""

    points: float = 0.0
    hits: int = 0
    in_name: int = 0
    name_length: int = 0


def _all_words(
    index: IndexFiles, words: list[Word], *, typos: bool = False, some: bool = False
) -> Match:
    """The slots that have all words or, with `some`, any."""
    tallies: dict[int, _Tally] = {}
    without: set[int] = set()
    corrected: dict[str, list[str]] = {}
    for word in words:
        worth = word_worth(index, word, typos=typos, some=some)
        if word.negative:
            without.update(worth.points)
            continue
        if worth.meant:
            corrected[word.text] = worth.meant
        rare = rarity(index.header.workflows, len(worth.points))
        for slot, worth_of_word in worth.points.items():
            tally = tallies.setdefault(slot, _Tally())
            tally.hits += 1
            tally.points += worth_of_word * rare
            if length := worth.named.get(slot):
                tally.in_name += 1
                tally.name_length = length
    positive = sum(not word.negative for word in words)
    points = {
        slot: _total(tally, positive, some=some)
        for slot, tally in tallies.items()
        if slot not in without and (some or tally.hits == positive)
    }
    return Match(points, frozenset(without), is_open=not positive, corrected=corrected)


def _total(tally: _Tally, positive: int, *, some: bool) -> float:
    points = tally.points
    if tally.in_name and tally.in_name == tally.name_length:
        points += _BONUS.whole_name if tally.in_name == positive else _BONUS.name_covered
    return points + _BONUS.word_more * tally.hits if some else points


def _otherwise_split(index: IndexFiles, words: list[Word]) -> list[Word] | None:
    """Two neighbours typed as one word, or one word typed as two."""
    for at in range(len(words) - 1):
        text = words[at].text + words[at + 1].text
        if words[at].negative or words[at + 1].negative or text not in index.shard(text):
            continue
        return [*words[:at], replace(words[at], text=text), *words[at + 2 :]]
    for at, word in enumerate(words):
        parts = _parts(index, word.text)
        if parts:
            return [*words[:at], *(replace(word, text=part) for part in parts), *words[at + 1 :]]
    return None


def _parts(index: IndexFiles, text: str) -> tuple[str, str] | None:
    """The two known words that one is put together of, the first as long as can be."""
    if len(text) < _SHORTEST_SPLIT or is_cjk(text) or text in index.shard(text):
        return None
    heads = [
        term
        for term in index.shard(text)
        if len(term) >= _SHORTEST_PART and not term.endswith("*") and text.startswith(term)
    ]
    for head in sorted(heads, key=len, reverse=True):
        rest = text[len(head) :]
        if len(rest) >= _SHORTEST_PART and rest in index.shard(rest):
            return head, rest
    return None
