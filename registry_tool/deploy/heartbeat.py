"""The heartbeat of a deployer while a stage takes its time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from registry_tool.core.errors import RegistryError


class Heartbeat:
    """Calls `beat` every few seconds in a thread of its own, between `with` and its end.

    A beat that fails is let go: whether the lease is still held shows at the next write.
    """

    def __init__(self, beat: Callable[[], object], seconds: float) -> None:
        self._beat = beat
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="deployer's beat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._seconds):
            try:
                self._beat()
            except (RegistryError, OSError):
                continue
