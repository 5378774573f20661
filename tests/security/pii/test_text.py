"""Text made plain: odd forms of digits, blanks and dashes become plain ones, and places stay known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.security.pii.text import PlainText, plain_text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("plain", "plain"),
        ("１２３", "123"),
        ("٤٢ ४२", "42 42"),
        ("4242\u00a04242\u3000x", "4242 4242 x"),
        ("1\u20112\u20133\u22124", "1-2-3-4"),
        ("ａｄａ＠corp．com", "ada@corp.com"),
        ("caf\u00e9 中文", "caf\u00e9 中文"),
        ("½", "½"),
    ],
)
def test_odd_forms_become_plain_ones(text: str, plain: str) -> None:
    assert plain_text(text) == PlainText(plain)


def test_what_is_invisible_goes_and_its_place_is_known() -> None:
    plain = plain_text("\u200b42\u200b\u00ad42\ufeff!")
    assert plain.text == "4242!"
    assert plain.original(0, 4) == (1, 7)
    assert plain.original(2, 4) == (5, 7)
    assert plain.original(4, 5) == (8, 9)


@given(st.text() | st.text("a1１\u200b\u00ad\ufeff-é", max_size=20))
def test_every_character_stands_for_one_of_the_original(text: str) -> None:
    plain = plain_text(text)
    assert len(plain.text) + len(plain.gone) == len(text)
    for at, char in enumerate(plain.text):
        start, end = plain.original(at, at + 1)
        assert end == start + 1
        assert plain_text(text[start:end]).text == char
