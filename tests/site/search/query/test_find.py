"""Orders; tests/site/search/test_queries.py holds Python to the site's script over a table of queries."""

from __future__ import annotations

import pytest

from registry_tool.site.search.query.find import find
from registry_tool.site.search.query.parse import parse
from tests.site.search.made import made


@pytest.mark.parametrize(
    ("text", "order", "slots"),
    [
        ("words", "", (2, 0, 1)),
        ("nlp", "", (1, 0)),
        ("", "name", (0, 1, 2)),
        ("", "updated", (0, 1, 2)),
        ("", "downloads", (1, 0, 2)),
        ("sort:score", "name", (1, 0, 2)),
        ("zzzz", "", ()),
    ],
)
def test_orders(text: str, order: str, slots: tuple[int, ...]) -> None:
    assert find(made(), parse(text), order).slots == slots


def test_nothing_is_found_in_nothing() -> None:
    from registry_tool.sources.search import index_of

    assert find(index_of([]), parse("words tag:nlp")).slots == ()
