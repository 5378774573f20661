"""Patterns that are compiled when they are first asked for: a command pays for those that it needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache


def compiled_once(pattern: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """A function that gives the compiled pattern; a wide class of characters takes milliseconds to compile."""
    return cache(lambda: re.compile(pattern, flags))
