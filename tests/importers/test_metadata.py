"""The metadata of an imported workflow."""

from __future__ import annotations

import pytest

from registry_tool.importers.metadata import slug


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("test_edit_text", "test-edit-text"),
        ("Agentic RAG", "agentic-rag"),
        ("名", "imported-workflow"),
        ("con", "con-workflow"),
        ("x" * 80, "x" * 64),
    ],
)
def test_slug(words: str, name: str) -> None:
    assert slug(words) == name
