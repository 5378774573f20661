"""Characters that can't be seen, beside those that writing needs."""

from __future__ import annotations

import unicodedata

import pytest

from registry_tool.security.hidden_text import hidden_in

IVS = "\U000e0100"


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d👩\u200d👧",
        "👩🏽\u200d💻",
        "🏳\ufe0f\u200d🌈",
        "❤\ufe0f and 1\ufe0f\u20e3",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "葛" + IVS + "城",
        "می\u200cخواهم",
        "क्\u200dष",
        "שלום مرحبا",
        "⠓⠑\u2800⠺",
        "ᠮᠣᠩ\u180bᠭᠣᠯ",
        "naïve café — “quotes”\u00a0\u3000",
    ],
)
def test_writing_keeps_what_it_needs(text: str) -> None:
    assert list(hidden_in(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "a\u200db",
        "汉\u200d字",
        "👩\u200d b",
        "a\u200cb",
        "a\u202eb",
        "שלום\u202eb",
        "a\ufe0fb",
        "葛" + IVS + IVS,
        "😀" + IVS,
        "a\u2800b",
        "⠓\u2800b",
        "a\U000e0069",
        "🏴\U000e0067\U000e0062\U000e0078",
        "a\u3164",
        "a\ufeff",
        "a\u2061",
        "\ue000\u200d\u0628",
        "a\U0001d173",
        "葛" + "".join(f"城{chr(0xE0100 + n)}" for n in range(100)),
    ],
)
def test_nothing_else_hides(text: str) -> None:
    assert list(hidden_in(text))


def test_every_format_character_is_looked_at_or_seen() -> None:
    """Unicode's category Cf: what is not refused is drawn (Arabic and Egyptian number signs)."""
    passed = {
        chr(code)
        for code in range(0x80, 0x110000)
        if unicodedata.category(chr(code)) == "Cf" and not list(hidden_in(f"a{chr(code)}b"))
    }
    names = {unicodedata.name(character) for character in passed}
    drawn = ("ARABIC", "SYRIAC ABBREVIATION", "KAITHI", "EGYPTIAN")
    assert all(name.startswith(drawn) for name in names), names
