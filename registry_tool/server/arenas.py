"""Memory that threads free, kept together."""

from __future__ import annotations

import ctypes
from typing import Final

_M_ARENA_MAX: Final = -8
"""mallopt(3) of the GNU C library."""


def use_one_arena() -> None:
    """Have all threads of this process allocate from one arena, where the C library has several.

    Each of the GNU C library's keeps what its threads freed, and a server's threads take turns: memory grows long
    after its caches are full. Of Python's threads one allocates at a time, so that none waits for another's arena.
    """
    try:
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
    except (AttributeError, OSError, TypeError):  # another C library
        return
