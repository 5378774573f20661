"""Segments of paths for what authors write."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.files import unsafe_path
from registry_tool.core.segments import path_segment

ALLOWED = set(string.ascii_letters + string.digits + "@-_.+~")


@given(st.text(), st.text())
def test_two_texts_have_two_segments(one: str, other: str) -> None:
    try:
        segments = [path_segment(one), path_segment(other)]
    except UnicodeEncodeError:
        return  # half of a character, which no manifest can hold
    assert (segments[0] == segments[1]) == (one == other)
    for segment in segments:
        assert set(segment) <= ALLOWED
        assert 0 < len(segment) <= 150
        assert unsafe_path(segment) is None


@pytest.mark.parametrize("key", ["con", "CON", "nul.txt", "com1", "Lpt9.a", "a.", "..a..", "aux."])
def test_every_system_can_store_them(key: str) -> None:
    """A tag `con` stopped every publish."""
    assert unsafe_path(path_segment(key)) is None
    assert unsafe_path(f"tags/{path_segment(key)}.json") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("a b", "a+b"), (".", "..."), ("", "."), ("~2F", "/"), ("Ada Lovelace", "Ada+Lovelace")],
)
def test_what_once_shared_a_page_does_no_more(one: str, other: str) -> None:
    assert path_segment(one) != path_segment(other)


@pytest.mark.parametrize("key", ["文" * 48, "a" * 1024, "/" * 64])
def test_long_ones_fit_into_a_file_system(key: str) -> None:
    assert len(path_segment(key)) < 150
    assert path_segment(key) != path_segment(f"{key}x")
