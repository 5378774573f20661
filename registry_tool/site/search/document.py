"""A workflow as search sees it: what its summary says, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.manifest.dating import at
from registry_tool.site.search.ranking import RANKING
from registry_tool.site.search.text import fold, is_cjk, words

Summary = Frozen
"""A WorkflowSummary with its facets: `licence`, `blocks`, `edges`, `models`, `providers`, `offline`, `certified`,
`deprecated`, `score` (0 to 100). What is missing counts as empty."""

RANKS = "1234tcdx"
"""Where a term stands, best first: in a name of one, two, three or more words, a tag, the category or author, the
description, or the kinds, models, providers and licence."""

FACETS = (
    "author", "block", "category", "edge", "is", "licence", "model", "provider", "score", "tag",
)  # fmt: skip
"""What can be filtered by, with a count for each value."""

SEARCHED = ("author", "model", "tag")
"""Facets with so many values that a value's slots are found like a word's: `tag:nlp` is a term."""

COLUMNS = ("downloads", "name", "prior", "rating", "score", "updated")
"""What can be sorted by; `prior` is how well a workflow stands before anybody asked."""

_BANDS = tuple(sorted(map(int, RANKING.bands), reverse=True))
_HIGHEST_PRIOR = 15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def entries(summary: Summary) -> dict[str, str]:
    """Every term that a workflow is found by, with the best place where it stands (one of `RANKS`)."""
    found: dict[str, str] = {}
    for rank, term in _ranked(summary):
        if rank < found.get(term, "9"):
            found[term] = rank
    return {term: RANKS[int(rank)] for term, rank in found.items()}


def _ranked(summary: Summary) -> Iterable[tuple[str, str]]:
    """(index into RANKS, term) of all fields; a term may come more than once."""
    name = list(words(_text(summary, "name")))
    yield from _beginning(str(min(len(name), 4) - 1), name)
    for tag in _texts(summary, "tags"):
        yield from _beginning("4", words(tag))
    author = _text(summary, "author").split("@")[0]
    yield from (("5", word) for word in words(f"{_text(summary, 'category')} {author}"))
    yield from (("6", word) for word in words(_text(summary, "description")))
    for key in ("edges", "models", "providers", "licence"):
        yield from (("7", word) for text in _texts(summary, key) for word in words(text))
    of = facets(summary)
    for dimension in SEARCHED:
        for value in of[dimension]:
            yield from (("7", f"{dimension}:{spelled}") for spelled in _spellings(dimension, value))


def _beginning(rank: str, terms: Iterable[str]) -> Iterable[tuple[str, str]]:
    """The words, and what is typed before three characters lead to a shard."""
    for term in terms:
        yield rank, term
        if not is_cjk(term):
            yield from ((rank, f"{term[:length]}*") for length in (1, 2) if len(term) > length)


def _spellings(dimension: str, value: str) -> set[str]:
    """A value as it may be asked for; a model without its provider, too."""
    folded = fold(value)
    return {folded, folded.rpartition("/")[2] or folded} if dimension == "model" else {folded}


def facets(summary: Summary) -> dict[str, tuple[str, ...]]:
    """Its values in each of `FACETS`."""
    flags = tuple(flag for flag in ("certified", "deprecated", "offline") if summary.get(flag))
    score = _score(summary)
    band = () if score is None else (str(next(low for low in _BANDS if score >= low)),)
    return {
        "author": _texts(summary, "author"),
        "block": _texts(summary, "blocks"),
        "category": _texts(summary, "category"),
        "edge": _texts(summary, "edges"),
        "is": flags,
        "licence": _texts(summary, "licence"),
        "model": _texts(summary, "models"),
        "provider": _texts(summary, "providers"),
        "score": band,
        "tag": _texts(summary, "tags"),
    }


def columns(summary: Summary) -> Object:
    """Its value in each of `COLUMNS`: the name, and numbers from 0 or null where nobody knows.

    `updated` counts days since 1970, `rating` tenths.
    """
    updated = _text(summary, "updated")
    rating = _number(summary, "rating")
    return {
        "downloads": int(_number(summary, "downloads") or 0),
        "name": _text(summary, "name"),
        "prior": _prior(summary),
        "rating": None if rating is None else round(10 * rating),
        "score": _score(summary),
        "updated": max(0, (at(updated) - _EPOCH).days) if updated else None,
    }


def _prior(summary: Summary) -> int:
    """1 to 15 by use, rating, score and certification; 0 for a deprecated or yanked one."""
    if summary.get("deprecated") or summary.get("yanked"):
        return 0
    used = min(1.0, math.log10(1 + (_number(summary, "downloads") or 0)) / 5)
    liked = ((_number(summary, "rating") or 3) - 1) / 4
    good = (_score(summary) or 0) / 100
    points = 0.4 * used + 0.2 * liked + 0.25 * good + 0.15 * bool(summary.get("certified"))
    return max(1, min(_HIGHEST_PRIOR, round(_HIGHEST_PRIOR * points)))


def card(summary: Summary) -> Object:
    """What a result shows of it; members that say nothing are left out."""
    shown: Object = {
        "name": _text(summary, "name"),
        "version": _text(summary, "version"),
        "description": _text(summary, "description"),
        "author": _text(summary, "author"),
        "category": _text(summary, "category"),
        "tags": list(_texts(summary, "tags")),
        "downloads": _number(summary, "downloads"),
        "rating": _number(summary, "rating"),
        "score": _score(summary),
        "updated": _text(summary, "updated"),
        "is": list(facets(summary)["is"]),
    }
    return {key: value for key, value in shown.items() if value not in (None, "", [], 0)}


def _text(summary: Summary, key: str) -> str:
    return cast(str, summary.get(key) or "")


def _texts(summary: Summary, key: str) -> tuple[str, ...]:
    """The distinct non-empty texts below a key that holds one or many."""
    value = summary.get(key)
    if not value:
        return ()
    if isinstance(value, str):
        return (value,)
    return tuple(dict.fromkeys(filter(None, cast(list[str], value))))


def _number(summary: Summary, key: str) -> int | float | None:
    return cast("int | float | None", summary.get(key))


def _score(summary: Summary) -> int | None:
    """0 to 100; of {total, of} the share."""
    value: Value = summary.get("score")
    if isinstance(value, dict):
        return round(100 * cast(int, value["total"]) / cast(int, value["of"]))
    return None if value is None else round(cast(float, value))
