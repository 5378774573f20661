"""A confined process that waits ready for the next change: to start one takes longer than most judgements."""

from __future__ import annotations

from threading import Lock, Timer
from typing import Final

from registry_tool.runtime.confined import Confined, ConfinedKind

IDLE: Final = 60.0
"""Seconds after which one that nobody needed is ended."""


class SpareJudge:
    """At most one at a time, and none before somebody has changed something. Several threads may ask.

    Each is for one change alone: what a stranger's version does to it can touch nobody else's.
    """

    def __init__(self, idle: float = IDLE) -> None:
        self._idle = idle
        self._lock = Lock()
        self._spare: Confined | None = None
        self._timer: Timer | None = None
        self._is_closed = False

    def take(self, kind: ConfinedKind) -> Confined:
        """A process of its own for a change: the spare one, or a new one."""
        with self._lock:
            found, self._spare = self._spare, None
        if found is None or not found.is_alive:
            return Confined(kind)
        return found

    def prepare(self) -> None:
        """Have one ready for the next change, where there is none."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if self._is_closed:
                return
            if self._spare is None:
                self._spare = Confined("judge", ahead=True)
            self._timer = Timer(self._idle, self._end)
            self._timer.daemon = True
            self._timer.start()

    def close(self) -> None:
        """End it; none is made any more."""
        with self._lock:
            self._is_closed = True
            if self._timer is not None:
                self._timer.cancel()
        self._end()

    def _end(self) -> None:
        with self._lock:
            found, self._spare = self._spare, None
        if found is not None:
            found.close()
