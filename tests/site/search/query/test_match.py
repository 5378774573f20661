"""Which workflows have the words."""

from __future__ import annotations

from registry_tool.site.search.query.match import Match, match, wanted
from registry_tool.site.search.query.parse import parse
from tests.site.search.made import made


def matched(text: str) -> Match:
    return match(made(), wanted(parse(text).words))


def test_all_words_else_some_and_it_is_said() -> None:
    assert set(matched("counts keywords").points) == {2}
    loose = matched("counts summary")
    assert (set(loose.points), loose.relaxed) == ({1, 2}, True)
    assert not matched("zzzz").is_found


def test_words_are_joined_and_split() -> None:
    assert matched("sum mary").split == ("summary",)
    assert matched("countskeywords").split == ("counts", "keywords")


def test_a_word_left_out_alone_finds_all_others() -> None:
    found = matched("-nlp")
    assert [found.admits(slot) for slot in range(3)] == [False, False, True]


def test_stop_words_count_only_where_there_is_nothing_else() -> None:
    assert [word.text for word in wanted(parse("the summary").words)] == ["summary"]
    assert [word.text for word in wanted(parse("the").words)] == ["the"]
