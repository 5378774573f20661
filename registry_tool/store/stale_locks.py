"""Locks that a killed git left behind.

git holds a ref's lock for milliseconds. A lock that is the very same file after many seconds of one's own waiting
has no owner any more; no clock of a file system is compared with one's own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

STALE = 5.0
"""Seconds after which the same lock counts as left behind."""


@dataclass(slots=True)
class LockWatch:
    """Watches the lock file of one ref."""

    path: Path
    after: float = STALE
    clock: Callable[[], float] = time.monotonic
    _seen: tuple[int, int] | None = None
    _since: float = 0.0

    def clear(self) -> bool:
        """Remove the lock where it has been the same for too long; True where that was done."""
        try:
            about = self.path.stat()
        except OSError:
            self._seen = None
            return False
        mark = (about.st_ino, about.st_mtime_ns)
        now = self.clock()
        if mark != self._seen:
            self._seen, self._since = mark, now
            return False
        if now - self._since < self.after:
            return False
        self.path.unlink(missing_ok=True)
        return True
