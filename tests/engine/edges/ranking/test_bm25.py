"""BM25 against a hand calculation, and what a ranking must do."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.edges.ranking.bm25 import bm25, words

DOCUMENTS = st.lists(
    st.lists(st.sampled_from(["cat", "dog", "sat", "the"]), max_size=6).map(" ".join), max_size=5
)


def test_by_hand() -> None:
    """Three documents of lengths 1, 2, 3 (2 on average); `cat` stands in two of them."""
    rare = math.log((3 - 2 + 0.5) / (2 + 0.5) + 1)
    one = rare * 1 * 2.5 / (1 + 1.5 * (0.25 + 0.75 * 1 / 2))
    two = rare * 2 * 2.5 / (2 + 1.5 * (0.25 + 0.75 * 3 / 2))
    best, other = max(one, two), min(one, two)
    found = bm25("cat", ["cat", "dog sat", "cat sat Cat"])
    assert found[1] == 0
    assert math.isclose(min(found[0], found[2]), other / best)
    assert max(found[0], found[2]) == 1


def test_chinese_is_compared_letter_by_letter() -> None:
    assert words("Ünïcode 东京 x2 カ_a") == ["ünïcode", "东", "京", "x2", "カ", "_a"]
    assert bm25("东京", ["北京", "东京"]) == [0.0, 1.0]


@given(st.sampled_from(["cat", "the cat", "bird", ""]), DOCUMENTS)
def test_scores_lie_between_nothing_and_one(query: str, documents: list[str]) -> None:
    scores = bm25(query, documents)
    assert len(scores) == len(documents)
    assert all(0 <= score <= 1 for score in scores)
    assert not scores or max(scores) == 1


@given(DOCUMENTS)
def test_the_order_of_documents_changes_no_score(documents: list[str]) -> None:
    found = bm25("cat dog", documents)
    turned = bm25("cat dog", documents[::-1])[::-1]
    assert all(math.isclose(a, b, abs_tol=1e-12) for a, b in zip(found, turned, strict=True))


def test_a_rarer_word_weighs_more_and_a_longer_document_less() -> None:
    rare, common, none = bm25("rare common", ["rare x", "common x", "common y"])
    assert (rare, common) == (1.0, none)
    short, long_ = bm25("cat", ["cat", "cat and so much more besides"])
    assert short > long_


def test_bm25_knows_rare_words_length_and_other_scripts() -> None:
    scores = bm25("rare word", ["word", "rare word", "word of many other words", "none"])
    assert scores[1] == 1
    assert scores[3] == 0
    assert 0 < scores[2] < scores[0] < 1
    assert bm25("x", ["a", "b"]) == [1, 1]
    assert bm25("x", []) == []
    assert words("Zürich 北京 x1") == ["zürich", "北", "京", "x1"]
