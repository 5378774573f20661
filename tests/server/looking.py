"""A live registry that looks at its branch whenever it is asked, and at no other time."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Final

from registry_tool.commands.live.live_registry import LiveRegistry

_HOURS: Final = 10_000.0
"""Seconds, so that the server's own look beside its answers comes after the test: while one is under way, who asks
sees the last commit."""


def always_looking(root: Path) -> LiveRegistry:
    """The branch `main` of the repository there."""
    ticks = count(step=2 * _HOURS)
    return LiveRegistry(root, every=_HOURS, ticks=lambda: next(ticks))
