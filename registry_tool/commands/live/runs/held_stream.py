"""A run's log, line by line; its last line waits until the result can be read."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Final, TextIO

from registry_tool.core.clock import Clock, instant
from registry_tool.core.values import Object
from registry_tool.engine.events import EXECUTION_FAILED, EXECUTION_FINISHED

ENDS: Final = frozenset({EXECUTION_FINISHED, EXECUTION_FAILED})


class HeldStream(io.TextIOBase):
    """A log's stream that keeps the run's own end back; `wake` is called at every line that others can read."""

    def __init__(self, stream: TextIO, execution_id: str, wake: Callable[[], None]) -> None:
        super().__init__()
        self._stream, self._id, self._wake = stream, execution_id, wake
        self._held = ""

    def write(self, text: str, /) -> int:
        """One line of a log."""
        if is_end(text, self._id):
            self._held = text
        elif not self._stream.closed:  # else somebody ended it, while it can't be stopped
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Let others read what was written."""
        if not self._stream.closed:
            self._stream.flush()
            self._wake()

    def release(self, about: Object, document: Object, clock: Clock) -> None:
        """Write the end; of a run that never began, what became of it. `about` is its workflow."""
        self._stream.write(self._held or f"{json.dumps(_failed(about, document, clock))}\n")
        self.flush()


def is_end(line: str | bytes, execution_id: str) -> bool:
    """Whether a line of a log is the end of that run, and not of one that it called."""
    word = b"execution_f" if isinstance(line, bytes) else "execution_f"
    if word not in line:  # type: ignore[operator]
        return False
    entry = json.loads(line)
    return entry["event"] in ENDS and entry["workflow"]["execution_id"] == execution_id


def _failed(about: Object, document: Object, clock: Clock) -> Object:
    return {
        "timestamp": instant(clock.now()),
        "level": "ERROR",
        "workflow": about,
        "event": EXECUTION_FAILED,
        "metadata": {"status": document["status"], "error": document.get("error", "")},
    }
