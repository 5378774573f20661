"""Where the parts of the index lie: every term in one shard, every slot in one file of a kind."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.site.search import layout

TERMS = st.text("abcé北京-", min_size=1, max_size=8)


@given(TERMS)
def test_a_term_s_shard_hangs_on_its_beginning_alone(term: str) -> None:
    shard = layout.shard_of(term)
    assert 0 <= shard < layout.TERM_SHARDS
    prefix = term[: 1 if term[0] in "北京" else 3]
    assert shard == layout.shard_of(prefix)
    assert 0 <= layout.tail_of(term) < layout.TAIL_SHARDS
    assert layout.tail_of(f"xx{term}yz") == layout.tail_of("yz")


def test_a_value_of_a_dimension_is_no_word() -> None:
    assert layout.shard_of("tag:nlp") != layout.shard_of("nlp")
    assert layout.shard_of("tag:nlp-x") == layout.shard_of("tag:nlp")
    assert layout.is_tailed("words") and not layout.is_tailed("tag:words")
    assert not layout.is_tailed("abc") and not layout.is_tailed("北京北京")


@given(st.integers(0, 10**6))
def test_a_slot_is_found_in_its_chunk(slot: int) -> None:
    column = layout.column_path("prior", slot)
    assert layout.is_column(column) and layout.is_prior(column)
    assert layout.chunk_of(column) == layout.chunk_of(layout.facet_path("tag", slot))
    assert layout.chunk_of(column) == slot // layout.CHUNK
    assert not layout.is_column(layout.facet_path("tag", slot))
    assert not layout.is_prior(layout.column_path("size", slot))
    assert layout.cards_path(slot) == f"search/cards/{slot // layout.CARDS}.json"
