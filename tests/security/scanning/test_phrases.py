"""Phrases are found at their first words, once, and in time that grows with the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.security.scanning import phrases
from registry_tool.security.scanning.phrases import Phrase, Phrases, UnreadRest

TABLE = Phrases(
    [Phrase(("stop", "halt"), r"\w+ (?:now|here)"), Phrase(("stop now",), r"stop now please")]
)


def test_the_first_pattern_that_fits_counts_and_the_next_begins_behind_it() -> None:
    assert list(TABLE.spans("Stop now please, HALT here; stop it")) == [(0, 8), (17, 26)]


def test_a_phrase_begins_a_word() -> None:
    assert list(TABLE.spans("nonstop now")) == []
    assert list(TABLE.spans("中stop now")) == [(1, 9)]


def test_a_text_without_blanks_is_read_once() -> None:
    longest = "中stop" * 10_000
    ((start, end),) = TABLE.spans(f"{longest} now")
    assert (len(longest) - start <= 40, end) == (True, len(longest) + 4)


def test_a_text_is_read_in_pieces_and_no_phrase_is_lost_between_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "so stop now please, then halt here" * 3
    whole = list(TABLE.spans(text))
    for size in range(1, 40):
        monkeypatch.setattr(phrases, "_PIECE", size)
        assert list(TABLE.spans(text)) == whole


def test_one_word_repeated_is_read_up_to_a_bound_and_the_rest_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(phrases, "MOST_BEGINNINGS", 3)
    assert list(TABLE.spans("stop " * 3 + "nothing")) == []
    (rest,) = TABLE.spans("stop " * 9 + "stop now")
    assert isinstance(rest, UnreadRest)
    assert rest == (15, 53)


@given(st.text(alphabet="stop nowİ\ud800é", max_size=60))
def test_places_are_those_of_the_text(text: str) -> None:
    for start, end in TABLE.spans(f"{text} stop now"):
        assert f"{text} stop now"[start:end].lower().startswith("stop")
    assert list(TABLE.spans(f"{text} stop now"))
