"""Tokens of JavaScript."""

from __future__ import annotations

import pytest

from registry_tool.importers.n8n.javascript import ForeignExpressionError, tokens_of, unquoted


def test_tokens_have_kinds_and_an_end() -> None:
    assert tokens_of("$json.a ?? 'x'") == [
        *(("name", "$json"), ("sign", "."), ("name", "a"), ("sign", "??"), ("text", "'x'")),
        ("", "its end"),
    ]
    assert [kind for kind, _ in tokens_of("`a${b}` 1.5 !==")] == ["quasi", "number", "sign", ""]


def test_what_is_no_token_is_named() -> None:
    with pytest.raises(ForeignExpressionError, match="#"):
        tokens_of("a # b")


@pytest.mark.parametrize(
    ("text", "value"), [(r"'it\'s'", "it's"), (r'"a\n\\"', "a\n\\"), ("''", "")]
)
def test_a_literal_stands_for_its_text(text: str, value: str) -> None:
    assert unquoted(text) == value
