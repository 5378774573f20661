"""Which workflows pass the qualifiers."""

from __future__ import annotations

import pytest

from registry_tool.site.search.query.filters import passing
from registry_tool.site.search.query.parse import parse
from tests.site.search.made import made


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("tag:nlp", {0, 1}),
        ("tag:nlp -tag:long", {0}),
        ("model:gpt-5", {0}),
        ("tag:lon*", {1}),
        ("category:text category:legal", {0, 1, 2}),
        ("category:leagl", {1}),
        ("offline:", {1}),
        ("offline:no deprecated:no", {0}),
        ("author:ada", {0}),
        ("model:gpt-4", {0}),
        ("score:80..89 score:90..100", {0, 1}),
        ("score:>=80 score:<90", {0}),
        ("rating:4..", {1}),
        ("-rating:4..", set()),
        ("updated:2026-05", {0}),
        ("tag:unheard", set()),
    ],
)
def test_qualifiers(text: str, slots: set[int]) -> None:
    assert passing(made(), parse(text), {0, 1, 2}) == slots
