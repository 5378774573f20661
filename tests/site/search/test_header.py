"""The header of the search index is read as it was written."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.site.search.header import FORMAT, Header, read_header
from registry_tool.site.search.layout import TAIL_SHARDS, TERM_SHARDS


def numbers(end: int) -> st.SearchStrategy[frozenset[int]]:
    return st.frozensets(st.integers(0, end - 1), max_size=20)


@given(st.integers(0, 10**6), numbers(99), numbers(TERM_SHARDS), numbers(TAIL_SHARDS))
def test_it_comes_back(
    workflows: int, chunks: frozenset[int], terms: frozenset[int], tails: frozenset[int]
) -> None:
    header = Header(workflows, chunks, terms, tails)
    assert read_header(header.to_bytes()) == header


def test_a_shard_is_a_bit_the_lowest_first() -> None:
    written = json.loads(Header(1, terms=frozenset({0, 3, 4, TERM_SHARDS - 1})).to_bytes())
    assert (written["format"], len(written["terms"])) == (FORMAT, TERM_SHARDS // 4)
    assert written["terms"].startswith("910")
    assert written["terms"].endswith("08")


def test_where_there_is_no_index_there_is_nothing() -> None:
    assert read_header(None) == Header()
