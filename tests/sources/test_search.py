"""Searches of registries: a clone, a built site, several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.core.values import Frozen
from registry_tool.site.search.query.index_files import IndexFiles
from registry_tool.sources.base import Searchable
from registry_tool.sources.search import SearchResults, index_of, search
from tests.site.search.made import WORKFLOWS


@dataclass
class Indexed:
    workflows: Sequence[Frozen]
    is_partial: bool = False

    def search_index(self) -> IndexFiles:
        return index_of(self.workflows, is_partial=self.is_partial)


def found(text: str, *registries: Indexed, order: str = "") -> SearchResults:
    readers = cast("list[Searchable]", registries or [Indexed(WORKFLOWS)])
    having = [{one["name"] for one in reader.workflows} for reader in registries]
    return search(
        *(readers, text, order),
        lambda position, name: any(name in names for names in having[:position]),
    )


def names(results: SearchResults) -> list[object]:
    return [one["name"] for one in results.workflows]


def test_a_result_is_a_workflow_summary() -> None:
    (one,) = found("summary tag:long").first(5)
    assert one == {
        "name": "summary", "version": "", "author": "", "description": WORKFLOWS[1]["description"],
        "category": "legal", "tags": ["nlp", "long"], "downloads": 40, "rating": 4.5,
        "updated": "2026-04-30T00:00:00Z",
    }  # fmt: skip


def test_how_the_words_were_read_is_said() -> None:
    assert found("sumamry").notes() == ["nothing has sumamry: searched for summary"]
    assert found("sum mary").notes() == ["searched for: summary"]
    assert found("counts summary").notes() == ["no workflow has all words: these have some"]
    assert found("colour:summary").notes()[1:] == [
        "colour: is not a qualifier, and was taken for a word"
    ]
    (note,) = found("words", Indexed(WORKFLOWS, is_partial=True)).notes()
    assert "no search index" in note


def test_several_registries_are_one_list_and_a_name_is_the_first_ones() -> None:
    mine = Indexed([{"name": "words", "description": "Mine"}, {"name": "word-list"}])
    results = found("words", mine, Indexed(WORKFLOWS))
    assert results.total == 5
    shown = results.first(0)
    assert [one["name"] for one in shown] == ["words", "key-word", "word-list", "summary"]
    assert shown[0]["description"] == "Mine"
    assert names(found("", mine, Indexed(WORKFLOWS), order="name")) == [
        "key-word", "summary", "word-list", "words",
    ]  # fmt: skip


def test_many_results_come_in_order_and_a_limit_leaves_the_rest() -> None:
    many = Indexed([{"name": f"w{number:03}", "tags": ["t"]} for number in range(99)])
    assert names(found("tag:t", many)) == [one["name"] for one in many.workflows]
    results = found("tag:t", many)
    assert (len(results.first(7)), results.total) == (7, 99)


def test_an_unknown_order_names_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        found("", order="downlods")
    assert caught.value.hint == "did you mean 'downloads'?"
