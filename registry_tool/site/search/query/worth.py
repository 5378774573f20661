"""What a typed word is worth to each workflow. `site_templates/assets/search-words.js` counts the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil, log, sqrt

from registry_tool.site.search.query.index_files import IndexFiles
from registry_tool.site.search.query.parse import Word
from registry_tool.site.search.query.variants import PostedVariant, Variant, posted, variants_of
from registry_tool.site.search.ranking import RANKING
from registry_tool.site.search.text import is_cjk, pairs

_FIT = RANKING.fit
_IN_NAME = "1234"


@dataclass(slots=True)
class WordScore:
    """Points by slot, words of the name by slot where it is in the name, and what a misspelled word meant."""

    points: dict[int, float] = field(default_factory=dict)
    named: dict[int, int] = field(default_factory=dict)
    meant: list[str] = field(default_factory=list)


def word_worth(index: IndexFiles, word: Word, *, typos: bool, some: bool) -> WordScore:
    """Of one word or run of Han; `some` wants a few of its pairs alone, `typos` takes any word for a typo, too."""
    if is_cjk(word.text):
        return _either_language(index, word, some=some)
    variants, meant = variants_of(index, word.text, exact=word.exact, typos=typos)
    return _worth_of(variants, meant)


def rarity(total: int, count: int) -> float:
    """How much more a rare word says: 1 to 2."""
    return 1 + log(max(1, total / max(1, count))) / log(total + 2)


def _worth_of(variants: Iterable[PostedVariant], meant: list[str]) -> WordScore:
    worth = WordScore(meant=meant)
    for one in variants:
        for slot, rank, points in _each(one):
            if points > worth.points.get(slot, 0):
                worth.points[slot] = points
            if rank in _IN_NAME and one.factor >= _FIT.named:
                worth.named[slot] = int(rank)
    return worth


def _each(one: PostedVariant) -> Iterator[tuple[int, str, float]]:
    """(slot, rank, points); of a rank that nobody knows, nothing."""
    for rank, slots in one.postings.items():
        if rank in RANKING.worth:
            points = RANKING.worth[rank] * one.factor
            yield from ((slot, rank, points) for slot in slots)


def _either_language(index: IndexFiles, word: Word, *, some: bool) -> WordScore:
    """A run of Han as it stands, or the English words for what it says, whichever is worth more to a workflow."""
    own = _han_worth(index, word.text, some=some)
    english = [] if word.exact else translated(word.text)
    if not english:
        return own
    each = [
        _worth_of(variants_of(index, one, exact=False, typos=False)[0], []).points
        for one in english
    ]
    for slot in set.intersection(*map(set, each)):
        worth = min(points[slot] for points in each) * _FIT.translated
        if worth > own.points.get(slot, 0):
            own.points[slot] = worth
            own.named.pop(slot, None)
    return own


def translated(run: str) -> list[str]:
    """The English words for a run of Han; none where a part of it isn't known."""
    found: list[str] = []
    at = 0
    while at < len(run):
        ends = range(min(len(run), at + _LONGEST_KNOWN), at, -1)
        end = next((end for end in ends if run[at:end] in RANKING.chinese), 0)
        if not end:
            return []
        found.append(RANKING.chinese[run[at:end]])
        at = end
    return found


def _han_worth(index: IndexFiles, run: str, *, some: bool) -> WordScore:
    """Most of a run's pairs must be there, so that what stands between two words doesn't hide them."""
    parts = pairs(run)
    worth, hits = WordScore(), dict[int, int]()
    for part in parts:
        seen: set[int] = set()
        for one in _pair_postings(index, part):
            for slot, rank, points in _each(one):
                if slot in seen:
                    continue
                seen.add(slot)
                hits[slot] = hits.get(slot, 0) + 1
                worth.points[slot] = worth.points.get(slot, 0) + points
                if rank in _IN_NAME:
                    worth.named[slot] = int(rank)
    least = ceil((RANKING.han.some if some else RANKING.han.share) * len(parts))
    worth.points = {
        slot: points / sqrt(hits[slot] * len(parts))
        for slot, points in worth.points.items()
        if hits[slot] >= least
    }
    return worth


def _pair_postings(index: IndexFiles, part: str) -> list[PostedVariant]:
    """A pair's own postings; of a single character, those of all pairs that begin with it."""
    if len(part) > 1:
        return posted(index, [Variant(part, _FIT.exact)])
    terms = [term for term in index.shard(part) if term.startswith(part)]
    return posted(
        index, [Variant(one, _FIT.exact if one == part else _FIT.longer) for one in terms]
    )


_LONGEST_KNOWN = max(map(len, RANKING.chinese))
