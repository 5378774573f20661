"""A file of the index is a function of what it holds, however it came about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.site.search.layout import CHUNK
from registry_tool.site.search.shards import (
    Placed,
    dump,
    patch,
    patch_cards,
    patch_column,
    patch_tail,
)

PLACED = st.sets(
    st.tuples(st.sampled_from(["a", "bc", "é"]), st.sampled_from("01x"), st.integers(0, 99))
)


@given(PLACED, PLACED, st.randoms(use_true_random=False))
def test_a_shard_that_was_changed_is_one_that_was_written_at_once(
    before: set[Placed], after: set[Placed], random: object
) -> None:
    assert patch(patch(None, (), before), before - after, after - before) == patch(None, (), after)
    one_by_one = None
    for placed in random.sample(sorted(after), len(after)):  # type: ignore[attr-defined]
        one_by_one = patch(one_by_one, (), [placed])
    assert one_by_one == patch(None, (), after)
    assert (patch(None, (), after) is None) is (not after)


@given(st.sets(st.text("ab", min_size=1)), st.sets(st.text("ab", min_size=1)))
def test_words_by_their_ending_likewise(before: set[str], after: set[str]) -> None:
    assert patch_tail(patch_tail(None, set(), before), before - after, after) == patch_tail(
        None, set(), after
    )


@given(st.dictionaries(st.integers(0, 20), st.none() | st.integers()))
def test_a_column_has_no_nulls_at_its_end(values: dict[int, int | None]) -> None:
    filled = {slot: value for slot, value in values.items() if value is not None}
    expected = [filled.get(slot) for slot in range(max(filled, default=-1) + 1)]
    if values:
        assert patch_column(None, values) == (dump(expected) if expected else None)  # type: ignore[arg-type]
        assert patch_column(dump(expected), dict.fromkeys(values)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("slot", [0, 5, CHUNK, CHUNK + 5])
def test_a_column_s_file_counts_from_its_chunk(slot: int) -> None:
    assert patch_column(None, {slot: 7}) == dump([*([None] * (slot % CHUNK)), 7])


def test_cards_are_put_in_and_taken_out() -> None:
    both = patch_cards(None, {1: {"name": "a"}, 2: {"name": "b"}})
    assert patch_cards(both, {1: None}) == patch_cards(None, {2: {"name": "b"}})
    assert patch_cards(both, {1: None, 2: None}) is None
