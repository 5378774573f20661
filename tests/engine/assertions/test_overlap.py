"""Scores of shared words: by hand, and their laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.assertions.overlap import bleu, gleu, rouge, words


def test_scores_of_shared_words_by_hand() -> None:
    assert rouge("the cat", "the dog") == pytest.approx(0.5)
    assert bleu("a b c d e", ["a b c d e"]) == pytest.approx(1)
    assert bleu("a b c d", ["a b c d e f g h"]) == pytest.approx(0.36788, abs=1e-4)
    assert gleu("a b c", ["a b d"]) == pytest.approx(3 / 6)
    assert (bleu("", ["a"]), gleu("", ["a"]), rouge("", "a")) == (0, 0, 0)


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "D."]), max_size=8).map(" ".join)


@given(TEXTS, TEXTS)
def test_scores_lie_between_nothing_and_one(one: str, other: str) -> None:
    for score in (rouge(one, other), bleu(one, [other]), gleu(one, [other])):
        assert 0 <= score <= 1 + 1e-9


@given(TEXTS)
def test_a_text_is_like_itself_whatever_its_case_and_full_stops(text: str) -> None:
    if words(text):
        same = text.replace("D.", "d")
        assert rouge(text, same) == gleu(text, [same]) == 1
        if len(words(text)) >= 4:
            assert bleu(text, [same]) == pytest.approx(1)


@given(TEXTS, TEXTS)
def test_rouge_and_gleu_do_not_care_which_comes_first(one: str, other: str) -> None:
    assert rouge(one, other) == rouge(other, one)
    assert gleu(one, [other]) == gleu(other, [one])


@given(TEXTS, TEXTS, TEXTS)
def test_one_more_reference_never_lowers_gleu(text: str, one: str, other: str) -> None:
    assert gleu(text, [one, other]) >= gleu(text, [one])
