"""A workflow as search sees it: where its terms stand, what it is filtered and sorted by."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.site.search.document import COLUMNS, FACETS, card, columns, entries, facets

FULL: Any = {
    "name": "text-cleaner",
    "version": "1.0.0",
    "description": "Cleans a text",
    "author": "ada@example.com",
    "category": "nlp",
    "tags": ["text", "tidy"],
    "models": ["openai/gpt-4o"],
    "licence": "MIT",
    "downloads": 999,
    "rating": 5,
    "score": {"total": 9, "of": 10},
    "certified": True,
    "updated": "1970-01-03T00:00:00Z",
}


def ranks(summary: Any) -> dict[str, str]:
    return entries(summary)


def test_a_term_stands_at_its_best_place() -> None:
    found = ranks(FULL)
    assert (
        found["text"] == found["cleaner"] == "2"
    )  # of a name of two words, also where it is a tag
    assert (found["tidy"], found["ada"], found["nlp"], found["cleans"]) == ("t", "c", "c", "d")
    assert (found["mit"], found["gpt"]) == ("x", "x")
    assert found["t*"] == found["te*"] == "2"
    assert "a" not in found, "it is a stop word"
    assert {"model:openai/gpt-4o", "model:gpt-4o", "tag:tidy", "author:ada@example.com"} <= set(
        found
    )


def test_every_facet_and_column_is_there_also_of_an_empty_summary() -> None:
    assert tuple(facets({})) == FACETS
    assert not any(facets({}).values())
    assert tuple(sorted(columns({}))) == COLUMNS
    assert entries({}) == {}
    assert card({}) == {}


@pytest.mark.parametrize(
    ("score", "band"),
    [(None, ()), (0, ("0",)), (59, ("0",)), (60, ("60",)), (90, ("90",)), ({"total": 4, "of": 5}, ("80",))],
)  # fmt: skip
def test_scores_come_in_bands(score: Any, band: tuple[str, ...]) -> None:
    assert facets({"score": score})["score"] == band


def test_what_it_is_sorted_by() -> None:
    found = columns(FULL)
    assert (found["score"], found["updated"], found["downloads"]) == (90, 2, 999)
    assert columns({})["updated"] is None


def test_a_workflow_stands_better_the_more_it_is_used_and_liked_and_last_when_it_is_gone() -> None:
    def prior(**more: Any) -> Any:
        return columns({**FULL, **more})["prior"]

    assert prior(deprecated="old") == prior(yanked="leaks") == 0
    assert 1 <= prior(downloads=0, rating=1, score=0, certified=False) < prior() <= 15
    assert prior(downloads=10**9) >= prior(downloads=10) and prior(rating=1) < prior()
    assert prior(downloads=10**9, score=100) == 15


def test_a_card_says_only_what_there_is_to_say() -> None:
    shown = card(FULL)
    assert (shown["updated"], shown["is"], shown["tags"]) == (
        "1970-01-03T00:00:00Z",
        ["certified"],
        ["text", "tidy"],
    )
    assert "deprecated" not in shown
    assert card({"name": "a", "downloads": 0, "tags": []}) == {"name": "a"}
