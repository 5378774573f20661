"""What is searched for in a text: what reads alike is spelled alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.site.search.text import LONGEST, STOP_WORDS, fold, is_cjk, words

TEXTS = st.text("aA éß-_.,9北京カ한ﬁＡ\u0301", max_size=20)


@given(TEXTS)
def test_folding_twice_is_folding_once_and_terms_are_their_own(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    for term in words(text):
        assert list(words(term)) == [term]
        assert 0 < len(term) <= LONGEST


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Zürich's  CAFÉ", ["zurich", "s", "cafe"]),
        ("Straße ＡＢＣ ﬁx", ["strasse", "abc", "fix"]),
        ("snake_case-name x1", ["snake", "case", "name", "x1"]),
        ("北京大学", ["北京", "京大", "大学"]),
        ("a 京 of AI客服", ["京", "ai", "客服"]),
        ("The and of", []),
        ("x" * 99, ["x" * LONGEST]),
        ("", []),
    ],
)
def test_terms_in_their_order(text: str, terms: list[str]) -> None:
    assert list(words(text)) == terms


def test_scripts_that_write_no_blanks() -> None:
    assert is_cjk("京x") and is_cjk("カ") and is_cjk("한")
    assert not is_cjk("x京") and not is_cjk("")
    assert all(fold(word) == word for word in STOP_WORDS)
