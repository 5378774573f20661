"""Literals in one pass: each where it stands, also across the pieces that are read."""

from __future__ import annotations

import pytest

from registry_tool.security import literals
from registry_tool.security.literals import Literals, Longest


def test_literals_are_found_across_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "aabcabcaab" * 3
    wanted = ("a", "ab", "abc", "bcaa")
    locations = sorted(
        (at, number)
        for number, word in enumerate(wanted)
        for at in range(len(text))
        if text.startswith(word, at)
    )
    for size in (1, 2, 3, 7, 30, 100):
        monkeypatch.setattr(literals, "PIECE", size)
        found = [(at, number) for number, at in Literals(wanted).locations(text)]
        assert [at for at, _ in found] == sorted(at for at, _ in found)
        assert sorted(found) == locations


def test_of_texts_that_begin_alike_the_longest_is_found_and_none_overlap() -> None:
    found = Longest(["ab", "abc", "bcd", "é", "x\ud800"])
    text = "abcd ab é bcd x\udfff"
    assert [text[slice(*span)] for span in found.spans(text)] == [
        "abc",
        "ab",
        "é",
        "bcd",
        "x\udfff",
    ]
    assert list(Longest(["ab"]).spans("a b")) == []
