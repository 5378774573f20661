"""Where e-mail addresses stand in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.security.pii.mail import addresses


def found(text: str, *barriers: str) -> list[str]:
    return [text[start:end] for start, end in addresses(text, barriers)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ask ada@corp.com.", ["ada@corp.com"]),
        ("ada@corp.com,eve@mail.corp.co.uk", ["ada@corp.com", "eve@mail.corp.co.uk"]),
        ("q=ada%40corp.com&x", ["ada%40corp.com"]),
        ("jörg@müller.de", ["jörg@müller.de"]),
        ("联系ada@corp.cn", ["ada@corp.cn"]),
        ("写信给王芳@例子.公司", ["写信给王芳@例子.公司"]),
        (r'"\u4f60ada@corp.com"', ["ada@corp.com"]),
        ("a" * 64 + "@corp.com", ["a" * 64 + "@corp.com"]),
        ("a" * 65 + "@corp.com", []),
        (".ada@corp.com ada.@corp.com @corp.com", []),
        ("ada@corp ada@corp.c", []),
        ("logo@2x.PNG", []),
    ],
)
def test_an_address_is_found_whole(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_none_begins_right_after_a_barrier() -> None:
    assert found("[CARD]ada@corp.com") == ["ada@corp.com"]
    assert found("[CARD]ada@corp.com", "[CARD]") == []
    assert found("[CARD] ada@corp.com", "[CARD]") == ["ada@corp.com"]


@given(st.text("a@.é公\\n-% ", max_size=60))
def test_places_are_in_order_and_apart(text: str) -> None:
    done = 0
    for start, end in addresses(text, ()):
        assert done <= start < end <= len(text)
        assert "@" in text[start:end] or "%40" in text[start:end]
        done = end
