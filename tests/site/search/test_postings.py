"""Slots as text: every ascending list comes back, and in few characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.site.search.postings import decode, decode_slots, encode, encode_slots

SLOTS = st.sets(st.integers(0, 10**7), max_size=30).map(sorted)


@given(SLOTS)
def test_slots_come_back(slots: list[int]) -> None:
    assert decode_slots(encode_slots(slots)) == slots


@given(st.dictionaries(st.sampled_from("0123x"), SLOTS))
def test_ranks_come_back_without_those_that_hold_nothing(postings: dict[str, list[int]]) -> None:
    text = encode(postings)
    assert decode(text) == {rank: slots for rank, slots in postings.items() if slots}
    assert encode(decode(text)) == text


@pytest.mark.parametrize(
    ("slots", "text"),
    [([], ""), ([0], "A"), ([0, 1, 2], "AAA"), ([31], "f"), ([32], "gB"), ([1024], "ggB")],
)
def test_a_gap_takes_a_character_for_every_five_bits(slots: list[int], text: str) -> None:
    assert encode_slots(slots) == text
