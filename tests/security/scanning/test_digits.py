"""Runs of digits give their bytes and their place."""

from __future__ import annotations

import pytest

from registry_tool.security.scanning.digits import decode_digits
from tests.security.scanning.recipes import STEPS

WORDS = b"what nobody reads, and more of it"


@pytest.mark.parametrize(
    "step",
    ["base64", "base64-url", "base32", "hexadecimal", "hexadecimal-pairs", "decimal-codes"],
)
def test_each_spelling_gives_the_bytes(step: str) -> None:
    text = f"see: {STEPS[step](WORDS).decode()}\n"
    found = [(data, span) for data, _, span in decode_digits(text) if WORDS in data]
    assert found
    assert found[0][1][0] == 5


@pytest.mark.parametrize(
    "text", ["2026-11-29 12:00:00", "1, 2, 3", "999, 999, " * 20, "ABCDEFGH", "a b c d e f"]
)
def test_numbers_and_words_are_no_text(text: str) -> None:
    assert [data for data, *_ in decode_digits(text) if data.isascii() and len(data) > 11] == []
