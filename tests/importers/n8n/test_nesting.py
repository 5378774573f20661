"""Brackets in one another are counted, and those beside one another or in texts are not."""

from __future__ import annotations

import pytest

from registry_tool.importers.n8n.nesting import DEEPEST, nests_too_deep


@pytest.mark.parametrize(
    ("python", "too_deep"),
    [
        ("(" * DEEPEST + ")" * DEEPEST, False),
        ("(" * (DEEPEST + 1) + ")" * (DEEPEST + 1), True),
        ("f(), " * 100, False),
        (repr("(" * 100), False),
        ("[" * 1000 + "]" * 1000, True),
    ],
)
def test_only_what_nests_counts(python: str, too_deep: bool) -> None:
    assert nests_too_deep(python) is too_deep
