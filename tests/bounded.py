"""Bounds that only a catastrophe meets, on any machine: what is quadratic, what is endless, what hangs."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS = 60
PATIENCE = 600
"""Seconds that a test waits for what will come: a busy machine takes a while, and only a hang takes as long."""


@contextmanager
def ends(seconds: float = SECONDS) -> Iterator[None]:
    """Fail if what is inside takes that much of this process's own time, however busy the machine is.

    Expressions of `re` are stopped in their midst; other extensions when they return.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(
            f"not over after {seconds} s of processor time: it takes the square of its input, or never ends"
        )

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
