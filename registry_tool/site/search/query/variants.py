"""What a typed word may stand for: itself, longer words, its other forms, and what it is a typo of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from registry_tool.site.search.layout import SHORTEST_TAILED
from registry_tool.site.search.postings import decode
from registry_tool.site.search.query.index_files import IndexFiles
from registry_tool.site.search.ranking import RANKING

_FIT = RANKING.fit
_SHORTEST_ROOT = 4
_SHORTEST_BEGINNING = 5
_SHORTEST_LISTED = 3


class Variant(NamedTuple):
    """A term of the index, and how well it fits the typed word (0 to 1)."""

    term: str
    factor: float


class PostedVariant(NamedTuple):
    """Slots by rank of a variant, with its factor."""

    postings: Mapping[str, Sequence[int]]
    factor: float


def variants_of(
    index: IndexFiles, word: str, *, exact: bool, typos: bool
) -> tuple[list[PostedVariant], list[str]]:
    """The postings of all that a word stands for, and the words that were meant where nothing has it."""
    found = _in_shard(index.shard(word), word, exact=exact)
    if exact:
        return posted(index, found), []
    if len(word) < _SHORTEST_LISTED:
        return posted(index, [*found, Variant(f"{word}*", _FIT.longer)]), []
    if found and not typos:
        return posted(index, found), []
    near = _misspelled(index, word)
    meant = [] if found else [variant.term for variant in near]
    forms = [
        Variant(form.term, form.factor * factor)
        for term, factor in near
        for form in _in_shard(index.shard(term), term, exact=False)
    ]
    return posted(index, [*found, *forms]), meant


def posted(index: IndexFiles, variants: Iterable[Variant]) -> list[PostedVariant]:
    """Those variants that the index has."""
    texts = ((index.shard(one.term).get(one.term), one.factor) for one in variants)
    return [PostedVariant(decode(text), factor) for text, factor in texts if text]


def _in_shard(shard: Mapping[str, str], word: str, *, exact: bool) -> list[Variant]:
    found = [Variant(word, _FIT.exact)] if word in shard else []
    if exact:
        return found
    root = _stem(word)
    for term in shard:
        if term == word or ":" in term or term.endswith("*"):
            continue
        if term.startswith(word):
            more = len(term) - len(word)
            found.append(Variant(term, _FIT.longer + _FIT.longer_by_one / more))
        elif len(root) >= _SHORTEST_ROOT and term.startswith(root) and _stem(term) == root:
            found.append(Variant(term, _FIT.related))
    return found


def _stem(word: str) -> str:
    for suffix in RANKING.suffixes:
        if len(word) - len(suffix) >= _SHORTEST_ROOT and word.endswith(suffix):
            return word[: -len(suffix)]
    return word


def allowed(word: str) -> int:
    """How many typos a word may have."""
    return (len(word) >= RANKING.typos.one_from) + (len(word) >= RANKING.typos.two_from)


def _misspelled(index: IndexFiles, word: str) -> list[Variant]:
    """The nearest words: a word's own shard holds those that begin alike, a tail those that end alike."""
    if not allowed(word):
        return []
    near = _nearest(word, {*index.shard(word), *index.tail(word)})
    if near:
        return near
    # Two letters swapped between what begins alike and what ends alike: only these shards can tell.
    return _nearest(word, {term for at in (1, 2) for term in index.shard(_swapped(word, at))})


def _swapped(word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _nearest(word: str, candidates: Iterable[str]) -> list[Variant]:
    """The candidates with the fewest edits; half an edit more is the beginning of a longer word."""
    most = allowed(word)
    best, found = most + 0.5, list[str]()
    for term in candidates:
        if term == word or len(term) < SHORTEST_TAILED or ":" in term:
            continue
        edits = _edits(word, term, most, best)
        if edits < best:
            best, found = edits, []
        if edits <= best:
            found.append(term)
    factor = _FIT.one_typo if best <= 1 else _FIT.two_typos
    factor -= 0 if best == int(best) else _FIT.half_typo
    return [Variant(term, factor) for term in sorted(found)[: RANKING.typos.most_variants]]


def _edits(word: str, term: str, most: int, best: float) -> float:
    edits: float = distance(word, term, best)
    if edits > most and len(word) >= _SHORTEST_BEGINNING and len(term) > len(word) + 1:
        heads = (term[: len(word) + more] for more in (0, 1, -1))
        edits = min(distance(word, head, best) for head in heads) + 0.5
    return edits


def distance(one: str, other: str, most: float) -> float:
    """Edits (one letter more, less, other, or two swapped) between two words, or more than `most`."""
    if abs(len(one) - len(other)) > most or len(other) > _LONGEST_COMPARED:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, its in enumerate(other, 1):
            edits = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                edits = min(edits, before[j - 2] + 1)
            row.append(edits)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]


_LONGEST_COMPARED = 62
