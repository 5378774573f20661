"""Which workflows a list shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.catalogue.summaries import Summary
from registry_tool.commands.live.listing import ORDERS, ListQuery, listed


def summary(name: str, **more: object) -> Summary:
    usual = {
        "name": name, "version": "1.0.0", "author": "ada", "description": "Greets", "category": "text",
        "tags": [], "downloads": 0, "rating": None, "updated": "2024-01-01T00:00:00Z",
    }  # fmt: skip
    return {**usual, **more}  # type: ignore[dict-item]  # values of JSON


ALL = {
    str(one["name"]): one
    for one in (
        summary("b", downloads=5, rating=4.5, tags=["x", "y"], updated="2024-03-01T00:00:00Z"),
        summary("a", author="bob", tags=["x"], description="Counts words"),
        summary("words", category="data", rating=4.9, updated="2024-02-01T00:00:00Z"),
    )
}


def names(query: ListQuery, ranked: list[str] | None = None) -> list[object]:
    return [entry["name"] for entry in listed(ALL, query, ranked).workflows]


def test_each_filter_narrows_and_tags_must_all_be_there() -> None:
    assert names(ListQuery()) == ["a", "b", "words"]
    assert names(ListQuery(author="bob")) == ["a"]
    assert names(ListQuery(category="data")) == ["words"]
    assert names(ListQuery(tags=("x",))) == ["a", "b"]
    assert names(ListQuery(tags=("x", "y"))) == ["b"]
    assert names(ListQuery(author="bob", category="data")) == []


def test_what_a_search_finds_keeps_its_order_where_no_other_is_asked_for() -> None:
    ranked = ["words", "gone", "a"]
    assert names(ListQuery(q="words"), ranked) == ["words", "a"]
    assert names(ListQuery(q="words", author="bob"), ranked) == ["a"]
    assert names(ListQuery(q="words", sort="name"), ranked) == ["a", "words"]
    assert names(ListQuery(q="nothing"), []) == []


def test_orders() -> None:
    assert names(ListQuery(sort="downloads")) == ["b", "a", "words"]
    assert names(ListQuery(sort="rating")) == ["words", "b", "a"]
    assert names(ListQuery(sort="updated")) == ["b", "words", "a"]


@given(st.sampled_from(["", *ORDERS]), st.integers(1, 5))
def test_the_pages_together_are_the_list(sort: str, per_page: int) -> None:
    whole = names(ListQuery(sort=sort, per_page=100))
    first = listed(ALL, ListQuery(sort=sort, per_page=per_page))
    assert (first.total, first.pages) == (3, -(-3 // per_page))
    shown = [
        name
        for page in range(1, first.pages + 1)
        for name in names(ListQuery(sort=sort, page=page, per_page=per_page))
    ]
    assert shown == whole
    assert names(ListQuery(sort=sort, page=first.pages + 1, per_page=per_page)) == []
