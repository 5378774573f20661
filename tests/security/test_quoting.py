"""Quotes of known texts are found in every spelling, whole or cut short."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.security.quoting import Quotes, spellings
from tests import bounded

TEXT = 'Ada said:\n"Grüße" \\ and left'


def hidden(known: str, text: str) -> str:
    return Quotes(spellings(known)).without(text, "[X]")


@pytest.mark.parametrize(
    "quoted",
    [
        TEXT,
        json.dumps(TEXT),
        json.dumps(TEXT, ensure_ascii=False),
        repr(TEXT),
        json.dumps(json.dumps(TEXT)),
        repr(repr(TEXT)),
        json.dumps(repr(TEXT)),
    ],
)
def test_a_quote_goes_in_every_spelling(quoted: str) -> None:
    left = hidden(TEXT, f"before {quoted} after")
    assert left.startswith("before ")
    assert left.endswith(" after")
    assert "[X]" in left
    assert not any(word in left for word in ("Ada", "said", "left"))


def test_a_quote_that_is_cut_short_goes_up_to_where_it_differs() -> None:
    assert hidden("a rather long secret text", "'a rather long s…'") == "'[X]…'"
    assert hidden("a rather long secret text", "a rather long") == "[X]"
    assert hidden("a rather long secret text", "a rather lo") == "a rather lo"


def test_a_short_text_goes_only_whole() -> None:
    assert hidden("abcdef", "abcdef abcde") == "[X] abcde"


def test_the_longest_of_several_goes() -> None:
    quotes = Quotes(["the first twelve", "the first twelve and more", "x"])
    assert quotes.without("the first twelve and more, the first twelve!", "_") == "_, _!"


def test_nothing_known_leaves_the_text() -> None:
    assert Quotes([]).without("all of it", "_") == "all of it"


@given(st.text("ab\n\"\\'é\ud800", min_size=12, max_size=40), st.text("xy ", max_size=10))
def test_nothing_of_a_known_text_is_left(known: str, around: str) -> None:
    for form in (known, json.dumps(known), repr(known)):
        assert known.strip() not in hidden(known, around + form + around)


def test_much_text_is_read_once() -> None:
    quotes = Quotes(spellings("a" * 5_000))
    with bounded.ends():
        assert quotes.without("a" * 11 + "b" * 200_000 + "a" * 5_000, "_").endswith("b_")
