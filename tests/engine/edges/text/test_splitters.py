"""Ways to cut a text: what they promise, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.edges.text import splitters as chunkers
from registry_tool.engine.edges.text.splitters import (
    automatic,
    by_length,
    by_sentence,
    by_token,
    flattened,
    recursive,
)

TEXTS = st.text("ab .,\n!。", max_size=60)
SIZES = st.integers(1, 15)


@given(TEXTS, SIZES)
def test_parts_without_overlap_put_together_are_the_text(text: str, size: int) -> None:
    parts = automatic(text, size, 0)
    assert "".join(parts) == text
    assert all(len(part) <= max(size, 1) or " " in part for part in parts)


@given(TEXTS, SIZES, st.integers(0, 20))
def test_fixed_slices_are_never_too_long(text: str, size: int, overlap: int) -> None:
    assert all(len(part) <= size for part in automatic(text, size, overlap, separators=()))


@given(TEXTS, SIZES, st.integers(0, 5))
def test_slices_overlap_by_what_is_asked(text: str, size: int, overlap: int) -> None:
    parts = by_length(text, size, overlap)
    starts = range(0, len(text), size)
    assert parts == [text[max(0, at - overlap) : at + size].strip() for at in starts]


@given(TEXTS, SIZES, st.integers(0, 5))
def test_no_word_is_cut_where_words_stay_whole(text: str, size: int, overlap: int) -> None:
    words = set(text.translate(dict.fromkeys(map(ord, ".,!。\n"), " ")).split())
    if all(len(word) < size for word in words) and " " in text:
        joined = " ".join(by_length(text, size, overlap, whole_words=True))
        assert joined.count("a") + joined.count("b") >= text.count("a") + text.count("b")


@given(TEXTS)
def test_sentences_lose_nothing(text: str) -> None:
    assert "".join(by_sentence(text)) == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Drei?", ["One.", " Two!", " Drei?"]),
        ("一。二！三", ["一。", "二！", "三"]),
        ("a\n\nb", ["a\n\n", "b"]),
        ("हाँ। नहीं", ["हाँ।", " नहीं"]),
        ("", []),
    ],
)
def test_where_sentences_end(text: str, parts: list[str]) -> None:
    assert by_sentence(text) == parts


@given(TEXTS, SIZES)
def test_tokens_are_counted_and_none_is_lost(text: str, most: int) -> None:
    parts = by_token(text, most)
    assert "".join(parts).replace(" ", "").replace("\n", "") == "".join(text.split())
    assert all(len(by_token(part, 1)) <= most for part in parts)


@given(st.lists(st.sampled_from(["a.", "bb!", "ccc?"]), max_size=8).map(" ".join), SIZES)
def test_sentences_are_put_together_until_they_are_long(text: str, most: int) -> None:
    parts = recursive(text, most)
    assert " ".join(parts) == text
    assert all(len(part) <= most + 1 or " " not in part for part in parts)


def test_an_object_is_flattened_to_named_lines() -> None:
    value = {"a": {"b": [1, {"c": None}]}, "d": "x"}
    assert list(flattened(value)) == ["a.b[0]: 1", "a.b[1].c: None", "d: x"]


@given(st.text(alphabet="ab ,.\n", max_size=200), st.integers(1, 20))
def test_chunks_by_length_lose_nothing_but_blanks(text: str, size: int) -> None:
    chunks = chunkers.by_length(text, size, 0)
    assert "".join("".join(chunks).split()) == "".join(text.split())
    assert all(len(chunk) <= size for chunk in chunks)


@given(st.text(alphabet="ab ,.\n", max_size=300), st.integers(1, 40), st.integers(0, 10))
def test_every_way_of_cutting_ends(text: str, size: int, overlap: int) -> None:
    chunkers.by_length(text, size, overlap, whole_words=True)
    chunkers.recursive(text, size)
    assert all(len(part) <= size for part in chunkers.automatic(text, size, overlap))
    assert "".join(chunkers.by_sentence(text)) == text
