"""What a word is worth to each workflow."""

from __future__ import annotations

import pytest

from registry_tool.site.search.query.parse import Word
from registry_tool.site.search.query.worth import rarity, translated, word_worth
from tests.site.search.made import made


def points(text: str, *, some: bool = False, typos: bool = False) -> dict[int, float]:
    return word_worth(made(), Word(text), typos=typos, some=some).points


def test_a_name_is_worth_more_than_a_tag_and_that_more_than_a_description() -> None:
    assert points("words") == {0: pytest.approx(6.4 * 0.75), 1: 1.5, 2: 7}
    assert points("nlp") == {0: 4, 1: 4}


def test_most_pairs_of_a_run_must_be_there() -> None:
    assert points("合同风险")[1] == pytest.approx(1.5 * 3 / 3)
    assert points("合同无关") == {}
    assert set(points("合同无关", some=True)) == {1}


def test_chinese_for_english_is_worth_less() -> None:
    assert translated("关键词提取") == ["keyword", "extract"]
    assert translated("关键词天气") == []
    assert points("摘要") == {1: pytest.approx(7 * 0.3)}


def test_a_rare_word_says_more() -> None:
    assert rarity(100, 100) == 1 < rarity(100, 10) < rarity(100, 1) < 2
