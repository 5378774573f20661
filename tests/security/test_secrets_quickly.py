"""One pass for the literals: the quick way finds what each pattern finds when it reads the whole text."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry_tool.security import literals
from registry_tool.security.credential_kinds.all_kinds import ALL_KINDS
from registry_tool.security.credential_kinds.kind import CredentialKind
from registry_tool.security.literals import Literals
from registry_tool.security.secrets import _is_sound, _Match, _matches
from tests.security.recogniser_corpora import labelled, lines

_TEXTS = [*(text for _, text in labelled("secrets/kinds.txt")), *lines("secrets/harmless.txt")]
_MARKS = sorted({mark for kind in ALL_KINDS for mark in (*kind.marks, *kind.starts)})
_PIECES = st.one_of(
    st.sampled_from(_TEXTS),
    st.sampled_from(_TEXTS).map(str.swapcase),
    st.sampled_from(_MARKS),
    st.sampled_from([" ", "=", ": ", '"', "\n", "é", "İ", "\u212a", "\ud800", "dd", "A" * 21]),
    st.text("abcdefABCDEF0123456789_-", min_size=1, max_size=64),
)


def compiled(kind: CredentialKind) -> re.Pattern[str]:
    return re.compile(kind.pattern, re.ASCII | (re.IGNORECASE if kind.folded else 0))


_PATTERNS = [compiled(kind) for kind in ALL_KINDS]


def slowly(text: str) -> set[_Match]:
    """All that the patterns find and the checks pass."""
    found = set()
    for number, pattern in enumerate(_PATTERNS):
        group = 1 if pattern.groups else 0
        for match in pattern.finditer(text):
            start, end = match.span(group)
            found.add(_Match(start, ALL_KINDS[number].guess, number, end, match[group]))
    return {match for match in found if _is_sound(match, text)}


@given(st.lists(_PIECES, max_size=8).map("".join))
@example("Xghp_" + "a1" * 18)
def test_the_quick_way_finds_what_each_pattern_finds(text: str) -> None:
    text = f"{text} {'x' * 16}"
    found = [match for match in _matches(text) if _is_sound(match, text)]
    assert len(set(found)) == len(found)
    assert set(found) == slowly(text)


def test_what_a_pattern_matches_holds_a_mark_and_begins_with_a_start() -> None:
    shown = set()
    for text in _TEXTS:
        for match in slowly(text):
            shown.add(match.number)
            where = text.lower() if match.kind.folded else text
            assert any(mark in where for mark in match.kind.marks), text
            assert not match.kind.starts or any(mark in where for mark in match.kind.starts), text
    assert len(shown) > 0.9 * len(ALL_KINDS)


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
