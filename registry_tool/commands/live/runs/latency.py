"""How long runs took, out of their records: what an agent knows of a tool before it calls it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from statistics import quantiles
from threading import Lock, Thread
from typing import Final

from registry_tool.core.values import Object
from registry_tool.monitoring.totals import RunNote

MOST_RUNS: Final = 100
"""So many of a version's latest runs are looked at."""
_SUCCESS: Final = "success"
_AGAIN: Final = 60.0


class MeasuredLatency:
    """Of what runs in one environment; `unread` gives what has been recorded there since it was last asked.

    Records are read beside, so that nobody waits for them: the first who asks hears of nothing measured.
    `ticks` are seconds of a clock that never goes back.
    """

    def __init__(
        self,
        unread: Callable[[], Iterable[RunNote]],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._unread, self._ticks = unread, ticks
        self._lock, self._reading = Lock(), Lock()
        self._looked: float | None = None
        self._seconds: dict[tuple[str, str], deque[float]] = {}

    def of(self, workflow: str, version: str) -> Object | None:
        """`runs`, and the `p50` and `p95` of their seconds; None where none that succeeded is known."""
        self._look()
        with self._lock:
            found = list(self._seconds.get((workflow, version), ()))
        if not found:
            return None
        return {
            "runs": len(found),
            "p50": round(_quantile(found, 50), 3),
            "p95": round(_quantile(found, 95), 3),
        }

    def refresh(self) -> None:
        """Read what is new, now."""
        with self._reading:
            for note in self._unread():
                if note.status == _SUCCESS and note.seconds is not None:
                    with self._lock:
                        kept = self._seconds.setdefault(
                            (note.workflow, note.version), deque(maxlen=MOST_RUNS)
                        )
                        kept.append(note.seconds)

    def _look(self) -> None:
        with self._lock:
            now = self._ticks()
            if self._looked is not None and now - self._looked < _AGAIN:
                return
            self._looked = now
            self._reader = Thread(target=self.refresh, daemon=True)
        self._reader.start()


def _quantile(seconds: list[float], percent: int) -> float:
    if len(seconds) == 1:
        return seconds[0]
    return quantiles(seconds, n=100, method="inclusive")[percent - 1]
