"""A unified diff of two texts of strangers, bounded: `difflib` takes quadratic time and more."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff
from itertools import takewhile
from typing import Final

_MOST: Final = 4_000_000
"""Of lines before times lines after; more take seconds."""
_CONTEXT: Final = 3


def line_diff(was: Sequence[str], now: Sequence[str]) -> list[str]:
    """The lines of a unified diff, none where nothing changed.

    Of long texts only what lies between their common start and their common end is compared; where that is too
    much, a sentence says so instead.
    """
    if was == now:
        return []
    left_out = 0
    if len(was) * len(now) > _MOST:
        start = max(_alike(was, now) - _CONTEXT, 0)
        end = max(_alike(was[start:][::-1], now[start:][::-1]) - _CONTEXT, 0)
        was, now = was[start : len(was) - end], now[start : len(now) - end]
        left_out = start
    if len(was) * len(now) > _MOST:
        return [f"@@ {len(was)} lines before, {len(now)} lines after: too many to compare @@"]
    lines = list(unified_diff(was, now, "before", "after", lineterm=""))
    return [f"@@ after {left_out} lines that are the same @@", *lines] if left_out else lines


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines both begin with."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
