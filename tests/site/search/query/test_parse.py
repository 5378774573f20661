"""What a typed text asks for; tests/site/search/test_queries.py holds the script to the same."""

from __future__ import annotations

from math import inf

import pytest

from registry_tool.site.search.query.parse import Filter, Query, Range, Word, parse


def test_words_quotes_and_minus() -> None:
    assert parse('Key "two words" -old') == Query(
        [Word("Key"), Word("two words", exact=True), Word("old", negative=True)]
    )


def test_qualifiers_in_either_language() -> None:
    found = parse(
        "标签：nlp tag:a,b -author:ada offline:no 离线: sort:name sort:x colour:red 12:30"
    )
    assert found.filters == [
        Filter("tag", ("nlp",)),
        Filter("tag", ("a", "b")),
        Filter("author", ("ada",), negative=True),
        Filter("is", ("offline",), negative=True),
        Filter("is", ("offline",)),
    ]
    assert (found.sort, found.unknown) == ("name", ["colour"])
    assert [word.text for word in found.words] == ["colour:red", "12:30"]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("score:>=80", 80, inf),
        ("score:<80", -inf, 80),
        ("score:80..89", 80, 89),
        ("downloads:100..", 100, inf),
        ("rating:4.5", 4.5, 4.5),
        ("updated:1970-01", 0, 30),
        ("updated:1970-01-02", 1, 1),
        ("updated:1971", 365, 729),
        ("updated:>1970", 365, inf),
    ],
)
def test_ranges(text: str, low: float, high: float) -> None:
    (found,) = parse(text).ranges
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    "text", ["score:", "score:many", "score:1e2", "updated:26", "updated:0000"]
)
def test_what_is_no_range_leaves_nothing_out(text: str) -> None:
    assert parse(text).ranges == []


def test_a_minus_before_a_range_means_all_others() -> None:
    assert parse("-score:80").ranges == [Range("score", 80, 80, negative=True)]
