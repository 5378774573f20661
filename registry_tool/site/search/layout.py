"""Where the parts of the search index lie, below the site's root. The number of shards never changes.

| path below search/ | holds | changes when |
| --- | --- | --- |
| index.json | how many workflows there are, which shards exist | any summary changes |
| terms/<xxx>.json | postings of all terms with some prefixes | a summary gains or loses such a term |
| tails/<xx>.json | words by ending, for those with a misspelled beginning | the first or last one comes or goes |
| facets/<dimension>/<chunk>.json | slots by value | a summary gains or loses a value |
| columns/<name>/<chunk>.json | a number (or the name) a slot, to sort by | that number changes |
| cards/<n>.json | what a result shows | such a workflow's summary changes |
"""

from __future__ import annotations

from functools import cache

from registry_tool.site.search.text import is_cjk

FOLDER = "search"
HEADER = f"{FOLDER}/index.json"
TERMS = f"{FOLDER}/terms/"
TERM_SHARDS = 1024
TAIL_SHARDS = 128
CHUNK = 16384
"""Slots of a facet's or column's file."""

CARDS = 8
"""Slots of a file of cards."""

_PREFIX = 3
_TAIL = 2
SHORTEST_TAILED = 4
"""Characters of the shortest word that may be misspelled."""


@cache
def _hash(text: str) -> int:
    """FNV-1a, 32 bits: the script computes it, too."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def shard_of(term: str) -> int:
    """The shard of a term: by its first three characters, the first one of Han, kana and Hangul;
    of `tag:…` and its like by the value's."""
    head, colon, value = term.partition(":")
    value = value if colon else term
    dimension = f"{head}:" if colon else ""
    return _hash(dimension + value[: 1 if is_cjk(value) else _PREFIX]) % TERM_SHARDS


def tail_of(term: str) -> int:
    """The shard of words by their last two characters."""
    return _hash(term[-_TAIL:]) % TAIL_SHARDS


def is_tailed(term: str) -> bool:
    """True for words that are found by their ending: long ones of a script that writes blanks."""
    return len(term) >= SHORTEST_TAILED and ":" not in term and not is_cjk(term)


def terms_path(shard: int) -> str:
    """A shard of terms."""
    return f"{TERMS}{shard:03x}.json"


@cache
def term_path(term: str) -> str:
    """The shard that a term is in."""
    return terms_path(shard_of(term))


def tails_path(shard: int) -> str:
    """A shard of words by their ending."""
    return f"{FOLDER}/tails/{shard:02x}.json"


def facet_path(dimension: str, slot: int) -> str:
    """The file of a dimension that covers a slot."""
    return f"{FOLDER}/facets/{dimension}/{slot // CHUNK}.json"


def column_path(name: str, slot: int) -> str:
    """The file of a column that covers a slot."""
    return f"{FOLDER}/columns/{name}/{slot // CHUNK}.json"


def cards_path(slot: int) -> str:
    """The file with a slot's card."""
    return f"{FOLDER}/cards/{slot // CARDS}.json"


def is_column(path: str) -> bool:
    """True for a column's file."""
    return path.startswith(f"{FOLDER}/columns/")


def is_names(path: str) -> bool:
    """True for the file of the one column that holds no numbers."""
    return path.startswith(f"{FOLDER}/columns/name/")


def empty_file(path: str) -> bytes:
    """What a facet's or column's file of an existing chunk is where nothing has a value."""
    if is_names(path):
        return b"[]"
    return b'""' if is_column(path) else b"{}"


def is_prior(path: str) -> bool:
    """True for the file that exists where a chunk holds a workflow."""
    return path.startswith(f"{FOLDER}/columns/prior/")


def chunk_of(path: str) -> int:
    """The chunk that a facet's or column's file is."""
    return int(path.rpartition("/")[2].removesuffix(".json"))
