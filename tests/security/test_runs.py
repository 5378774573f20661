"""Runs of characters of one alphabet: what an expression finds, and nothing else."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.security.runs import CharacterRuns, plain_ascii


@given(st.binary(max_size=80), st.sampled_from([b"ab", b"\x00", bytes(range(0x20, 0x7F))]))
def test_a_run_is_the_longest(data: bytes, alphabet: bytes) -> None:
    pattern = re.compile(b"[" + re.escape(alphabet) + b"]{3,}")
    assert list(CharacterRuns(alphabet, 3).spans(data)) == [
        m.span() for m in pattern.finditer(data)
    ]
    assert CharacterRuns(alphabet, 3).any_in(data) == bool(pattern.search(data))


@given(st.text())
def test_places_stay_in_plain_ascii(text: str) -> None:
    plain = plain_ascii(text)
    assert len(plain) == len(text)
    assert all(
        now == was or (now == "?" and not was.isascii())
        for now, was in zip(plain, text, strict=True)
    )
