"""What a typed word may stand for."""

from __future__ import annotations

import pytest

from registry_tool.site.search.query.variants import allowed, distance, variants_of
from tests.site.search.made import made


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("abcd", "abcd", 0), ("abcd", "abdc", 1), ("abcd", "abc", 1), ("abcd", "axcd", 1), ("abcd", "wxyz", 3)],
)  # fmt: skip
def test_edits_up_to_a_bound(one: str, other: str, edits: int) -> None:
    assert distance(one, other, 2) == edits


def test_short_words_have_no_typos() -> None:
    assert [allowed(word) for word in ("abc", "abcd", "abcdefg", "abcdefgh")] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("word", "factors", "meant"),
    [
        ("summary", [1], []),
        ("summ", [pytest.approx(0.8 + 0.1 / 3)], []),
        ("sumamry", [pytest.approx(0.6)], ["summary"]),
        ("nl", [0.8], []),
        ("zzzz", [], []),
    ],
)
def test_the_word_longer_ones_and_typos(word: str, factors: list[float], meant: list[str]) -> None:
    variants, output = variants_of(made(), word, exact=False, typos=False)
    assert ([one.factor for one in variants], output) == (factors, meant)


def test_in_quotes_it_stands_for_itself() -> None:
    assert variants_of(made(), "summ", exact=True, typos=False) == ([], [])
