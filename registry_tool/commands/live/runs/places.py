"""Places for runs: how many go at once, how many wait, and how many are one person's."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Final

from registry_tool.commands.live.runs.found_run import BusyError, NoRunsError
from registry_tool.commands.live.runs.settings import LiveRunSettings

_SHARE: Final = 2
"""One person's runs that go or wait, as a multiple of those that go at once."""


class RunSlots:
    """Taken before a run is admitted: what has no place does not count. `running` bounds those that go."""

    def __init__(self, settings: LiveRunSettings) -> None:
        self._settings = settings
        self.running = threading.Semaphore(max(1, settings.most))
        self._lock = threading.Lock()
        self._closed = False
        self.held: Counter[str] = Counter()

    def close(self) -> None:
        """Give none any more."""
        with self._lock:
            self._closed = True

    def take(self, person: str) -> None:
        """A place, which may have to wait; `BusyError` where there is none, `NoRunsError` where there never is."""
        most = self._settings.most
        with self._lock:
            if self._closed or not most:
                raise NoRunsError(
                    "the server is ending" if self._closed else "this server runs nothing",
                    hint="ask again in a moment" if self._closed else "its operator may (--runs)",
                )
            if self.held.total() >= self._settings.most_known:
                raise BusyError("as many runs go and wait as this server takes")
            if self.held[person] >= _SHARE * most:
                raise BusyError(
                    "as many runs of yours go and wait as this server takes of one person"
                )
            self.held[person] += 1

    def give_back(self, person: str) -> None:
        """Somebody's run is over."""
        with self._lock:
            self.held[person] -= 1
            self.held += Counter()  # forget who has none
