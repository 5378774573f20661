"""Escapes of any script are undone, and where a phrase stood is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.security.scanning.escapes import Unescaped
from tests.security.scanning.recipes import STEPS

SAID = "dé 中😀 x"


@pytest.mark.parametrize(
    "step",
    [
        "percent-all",
        "entities",
        "entities-hexadecimal",
        "unicode-escapes",
        "hexadecimal-escapes",
        "octal-escapes",
        "quoted-printable",
    ],
)
def test_each_spelling_says_the_same(step: str) -> None:
    spelled = STEPS[step](SAID.encode()).decode()
    assert Unescaped(f"a {spelled} b").text == f"a {SAID} b"


def test_a_text_without_escapes_is_none() -> None:
    assert not Unescaped("100 % of a & b = c \\ d")


def test_the_place_is_that_of_the_escapes_and_what_is_in_the_open_has_none() -> None:
    found = Unescaped("open words, %68%69%64%64en words")
    assert found.text == "open words, hidden words"
    assert found.origin((12, 24)) == 12
    assert found.origin((0, 10)) is None
    assert Unescaped("don&#39;t tell").origin((0, 10)) is None


@given(st.text(max_size=40))
def test_any_text_is_read_and_what_is_no_escape_stays(text: str) -> None:
    found = Unescaped(f"%41%42{text}")
    assert found.text.startswith("AB")
    assert [said for at, said in found.pieces() if at == 0]
