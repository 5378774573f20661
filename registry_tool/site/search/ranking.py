"""What ranks a search: one table (`ranking.json`), which the site's script has as `search-ranking.js`.

`scripts/search_ranking.py` writes the script; docs/search.md tells what the numbers mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import msgspec


@dataclass(frozen=True, slots=True)
class Fit:
    """What a term is worth by how it fits the typed word; `longer_by_one` is added over the letters too many."""

    exact: float
    longer: float
    longer_by_one: float
    related: float
    one_typo: float
    two_typos: float
    half_typo: float
    translated: float
    named: float


@dataclass(frozen=True, slots=True)
class Bonus:
    """Points for a name made of the words asked for, for one made of some, and for each word more that is had."""

    whole_name: float
    name_covered: float
    word_more: float


@dataclass(frozen=True, slots=True)
class PriorWeights:
    """How the column `prior` moves a result: `least` + `per_point` a point; what has none, `deprecated`."""

    least: float
    per_point: float
    deprecated: float


@dataclass(frozen=True, slots=True)
class Han:
    """The share of a run's pairs that must be there, and that is enough where nothing else is found."""

    share: float
    some: float


@dataclass(frozen=True, slots=True)
class Typos:
    """Letters from which on a word may have one typo, and two; how many words it may be taken for."""

    most_variants: int
    one_from: int
    two_from: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """The table. `worth` is by place (`document.RANKS`); qualifiers are by how they may be typed."""

    worth: dict[str, float]
    fit: Fit
    bonus: Bonus
    standing: PriorWeights
    han: Han
    typos: Typos
    longest_word: int
    stop_words: frozenset[str]
    suffixes: tuple[str, ...]
    dimensions: dict[str, str]
    flags: dict[str, str]
    numbers: dict[str, str]
    sort_words: frozenset[str]
    no_words: frozenset[str]
    orders: dict[str, str]
    single: frozenset[str]
    bands: dict[str, str]
    chinese: dict[str, str]


TABLE: Final = (files(__package__) / "ranking.json").read_text("utf-8")
RANKING: Final = msgspec.json.decode(TABLE, type=Ranking)


def script() -> str:
    """`site_templates/assets/search-ranking.js`."""
    return (
        "// What ranks a search. "
        "scripts/search_ranking.py writes this out of registry_tool/site/search/ranking.json.\n"
        f"export default {TABLE.rstrip()};\n"
    )
