"""A part of this process's own work with bounds on time and memory, where a process of its own costs too much."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from registry_tool.core.errors import RegistryError

_STATM: Final = Path("/proc/self/statm")
_DATA: Final = 5  # the field that counts pages of data and stack


class OverBoundError(RegistryError):
    """The work took more time than it may."""


@contextmanager
def bounded(seconds: float, data_bytes: int) -> Iterator[None]:
    """`OverBoundError` after so many seconds of processor time in here, `MemoryError` at so much more memory.

    Only in a main thread and where the system knows such bounds (memory: Linux); elsewhere nothing is bounded.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(
        signal, "setitimer"
    ):
        yield
        return

    def over(_signal: int, _frame: FrameType | None) -> None:
        raise OverBoundError(f"it took more than {seconds:g} s of processor time")

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        with _memory(data_bytes):
            yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _memory(more: int) -> Iterator[None]:
    if not _STATM.exists():
        yield
        return
    import resource

    used = int(_STATM.read_text().split()[_DATA]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    known = [bound for bound in (soft, hard) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([used + more, *known]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
