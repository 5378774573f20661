"""The process in which what a stranger wrote is evaluated (`confined_child.py`), seen from its parent."""

from __future__ import annotations

import json
import pickle
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, Literal, cast

from registry_tool.core.children import ProcessLimits, end, start_python
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.engine.sandbox.all_sandboxes import SETTING

SECONDS: Final = 180
"""So long may one question take by the clock."""
JUDGING: Final = ProcessLimits(cpu_seconds=60, data_bytes=512 * 2**20, file_bytes=64 * 2**20)
"""For each version that is judged."""
RENDERING: Final = ProcessLimits(cpu_seconds=10, data_bytes=512 * 2**20, file_bytes=64 * 2**20)
"""For what publishing makes of each version."""
REPLAYING: Final = ProcessLimits(cpu_seconds=120, data_bytes=2 * 2**30, file_bytes=64 * 2**20)
"""For all recorded tests of a question."""
PLANTING: Final = ProcessLimits(cpu_seconds=60, data_bytes=2 * 2**30, file_bytes=64 * 2**20)
"""For all tests that are replayed with planted instructions."""
WHOLE: Final = ProcessLimits(cpu_seconds=600, data_bytes=2 * 2**30, file_bytes=64 * 2**20)
DONE: Final[Object] = {"done": True}
OUT_OF_MEMORY: Final = 77
_LONGEST_LINE: Final = 64 * 2**20

ConfinedKind = Literal["judge", "replay", "plant"]
AHEAD: Final = "ahead"
"""Said to a process that is started before there is anything to ask: it gets ready for all."""


class ConfinedError(Exception):
    """The confined process ended by an error that nobody foresaw; its text is that process's traceback."""


class Confined:
    """One confined process. It is asked with pickles (it trusts its parent) and answers with lines of JSON."""

    def __init__(self, first: ConfinedKind, *, ahead: bool = False) -> None:
        """Start it; `first` is what it gets ready for, `ahead` of the question where there is time."""
        self._folder = tempfile.TemporaryDirectory(prefix="registry-confined-")
        self._process = start_python(
            "registry_tool.commands.review.confined_child",
            first,
            *([AHEAD] if ahead else []),
            also=(SETTING,),
            temporary=self._folder.name,
        )
        self._late = threading.Event()

    def ask(self, kind: ConfinedKind, what: object) -> Iterator[Object]:
        """The lines of its answer; fewer where it was stopped (see `stopped`)."""
        timer = threading.Timer(SECONDS, self._stop)
        timer.start()
        try:
            yield from self._answers(pickle.dumps((kind, what)))
        finally:
            timer.cancel()

    def _answers(self, question: bytes) -> Iterator[Object]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin and stdout  # noqa: S101 - they are pipes
        with suppress(BrokenPipeError):
            stdin.write(question)
            stdin.flush()
        while (line := stdout.readline(_LONGEST_LINE)).endswith(b"\n"):
            message = cast(Object, json.loads(line))
            if message == DONE:
                return
            if error := cast(list[str], message.get("error")):
                raise RegistryError(error[0], location=error[1], hint=error[2])
            if bug := message.get("bug"):
                raise ConfinedError(str(bug))
            yield message
        self.close()

    def _stop(self) -> None:
        self._late.set()
        end(self._process, wait=False)

    def stopped(self, limits: ProcessLimits) -> str:
        """Which limit ended it, in words; empty where it still runs."""
        status = self._process.poll()
        if status is None:
            return ""
        if self._late.is_set():
            return f"more than {SECONDS} s"
        if status == -getattr(signal, "SIGXCPU", 0):
            return f"more than {limits.cpu_seconds} s of processor time"
        if status == OUT_OF_MEMORY or status < 0:  # an allocator that gets nothing ends its process
            return f"more than {limits.data_bytes // 2**20} MiB of memory"
        raise ConfinedError(f"the confined process ended with status {status}")

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process with everything that it started and left."""
        end(self._process)
        self._folder.cleanup()
