"""What a reader typed → words and filters. `site_templates/assets/search-query.js` holds the same rules."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from math import inf, nan
from typing import Final

from registry_tool.site.search.ranking import RANKING

_TOKEN: Final = re.compile(r'(-?)(?:([^\W\d_]+):)?(?:"([^"]*)"?|(\S+))?')
_BOUNDS: Final = re.compile(r"(>=|<=|>|<|=)?(.*)", re.DOTALL)
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_DAY: Final = re.compile(r"([12][0-9]{3})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_EPOCH: Final = date(1970, 1, 1).toordinal()
_TINY: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a run of Han that was typed; in quotes it is `exact`, with a minus `negative`."""

    text: str
    exact: bool = False
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One of some values of a dimension (`document.FACETS`)."""

    dimension: str
    values: tuple[str, ...]
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """A column's bounds, both included; `updated` counts days since 1970."""

    column: str
    low: float
    high: float
    negative: bool = False


@dataclass(slots=True)
class Query:
    """A search. `sort` is empty where none was asked for; `unknown` are words that look like qualifiers."""

    words: list[Word] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)
    sort: str = ""
    unknown: list[str] = field(default_factory=list)


def parse(text: str) -> Query:
    """The search that a text is; every text is one."""
    query = Query()
    for found in _TOKEN.finditer(unicodedata.normalize("NFKC", text)):
        if found[0].strip():
            _token(query, found)
    return query


def _token(query: Query, found: re.Match[str]) -> None:
    negative, name = found[1] == "-", (found[2] or "").lower()
    quoted = found[3] is not None
    value = found[3] if quoted else found[4] or ""
    if name and _qualifier(query, name, value, negative=negative):
        return
    if name and not quoted and not re.fullmatch("[0-9]*", value):
        query.unknown.append(name)
    if word := found[0].removeprefix("-") if name else value:
        query.words.append(Word(word, quoted, negative))


def _qualifier(query: Query, name: str, value: str, *, negative: bool) -> bool:
    """Takes a qualifier into the query; False where it is a plain word."""
    if name in RANKING.dimensions:
        if values := tuple(filter(None, value.split(","))):
            query.filters.append(Filter(RANKING.dimensions[name], values, negative))
    elif name in RANKING.flags:
        opposite = value.lower() in RANKING.no_words
        query.filters.append(Filter("is", (RANKING.flags[name],), negative != opposite))
    elif name in RANKING.numbers:
        if bounds := _bounds(RANKING.numbers[name], value):
            query.ranges.append(replace(bounds, negative=negative))
    elif name in RANKING.sort_words:
        query.sort = value if value in RANKING.orders else query.sort
    else:
        return False
    return True


def _bounds(column: str, text: str) -> Range | None:
    """`>=80`, `<50`, `80..90`, `80..`, `80`; days may be `2026`, `2026-05` or `2026-05-01`."""
    match = _BOUNDS.fullmatch(text)
    operator, rest = (match[1], match[2]) if match else ("", text)
    is_open = ".." in rest
    ends = rest.split("..")[:2] if is_open else [rest, rest]
    low, high = _limits(column, ends[0])[0], _limits(column, ends[1])[1]
    if low != low or high != high or not (is_open or rest):  # noqa: PLR0124 - not a number
        return None
    step = 1 if column == "updated" else _TINY
    match operator:
        case ">=":
            return Range(column, low, inf)
        case "<=":
            return Range(column, -inf, high)
        case ">":
            return Range(column, high + step, inf)
        case "<":
            return Range(column, -inf, low - step)
    return Range(column, low if ends[0] else -inf, high if ends[1] else inf)


def _limits(column: str, text: str) -> tuple[float, float]:
    """The least and the highest value that a text stands for; not a number where it stands for none."""
    if not text:
        return 0, 0
    if column != "updated":
        number = float(text) if _NUMBER.fullmatch(text) else nan
        return number, number
    found = _DAY.fullmatch(text)
    if not found:
        return nan, nan
    year, month, day = (int(part or 0) for part in found.groups())
    first = _day(year, month - 1 if month else 0, day or 1)
    if day:
        return first, first
    return first, (_day(year, month, 1) if month else _day(year + 1, 0, 1)) - 1


def _day(year: int, month: int, day: int) -> int:
    """Days since 1970 of a day in a month from 0; what is too much goes over into the next month or year."""
    return date(year + month // 12, month % 12 + 1, 1).toordinal() - _EPOCH + day - 1
