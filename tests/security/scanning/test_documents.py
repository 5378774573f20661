"""Documents: their kind, what in them runs, and the words that a plain reader gets out of them."""

from __future__ import annotations

import pytest

from registry_tool.security.scanning.documents import active_parts, document_kind, document_texts
from tests.security.scanning.recipes import STEPS

WORDS = b"opening hours (nine to five)"


@pytest.mark.parametrize("recipe", ["docx", "xlsx", "odt", "pdf", "rtf", "ole"])
def test_words_come_out(recipe: str) -> None:
    content = STEPS[recipe](WORDS)
    assert document_kind(content)
    said = " ".join(" ".join(document_texts(content)).split())
    assert WORDS.decode() in said


def test_what_runs_is_named_once() -> None:
    assert active_parts(STEPS["docx-with-macro"](b"x")) == ["macros"]
    assert active_parts(b"%PDF-1.7 /JavaScript /JavaScript /Launch") == ["JavaScript", "a command"]
    assert active_parts(STEPS["pdf"](b"x")) == []


@pytest.mark.parametrize("content", [b"", b"A text about %PDF", b"%PDF-1.4 stream\nnot deflated"])
def test_what_holds_nothing_gives_nothing(content: bytes) -> None:
    assert "".join(document_texts(content)) == ""
