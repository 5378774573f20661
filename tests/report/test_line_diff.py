"""Diffs of strangers' texts: as `difflib` writes them, in bounded time."""

from __future__ import annotations

from registry_tool.report.line_diff import line_diff
from tests import bounded


def test_short_texts_are_compared_whole() -> None:
    assert line_diff(["a", "b"], ["a", "b"]) == []
    assert line_diff(["a", "b"], ["a", "c"])[-2:] == ["-b", "+c"]


def test_a_small_change_of_a_long_text_is_shown() -> None:
    was = [f"line {number}" for number in range(50_000)]
    now = [*was[:30_000], "new", *was[30_001:]]
    lines = line_diff(was, now)
    assert "+new" in lines
    assert "-line 30000" in lines
    assert lines[0] == "@@ after 29997 lines that are the same @@"


def test_what_would_take_minutes_is_said_instead() -> None:
    """Lines that are each just rare enough for the library not to pass over them."""
    was = [f"l{number * number % 127}" for number in range(100_000)]
    now = [f"l{number * number * number % 131}" for number in range(100_000)]
    with bounded.ends():
        assert "too many to compare" in line_diff(was, now)[0]
