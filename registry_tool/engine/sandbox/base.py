"""What a sandbox is: it runs a stranger's Python and gives back a JSON value."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Protocol
from weakref import WeakKeyDictionary

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record
from registry_tool.core.values import Value

CHEAPER = "make the code cheaper, or raise the edge's limits"


class CodeError(RegistryError):
    """The author's code failed; `reason` begins with the author's own line number."""


class SandboxLimits(Record, frozen=True):
    """Bounds on one call: `seconds` (what they count, the sandbox says), `memory` and `output` in bytes."""

    seconds: float = 10.0
    memory: int = 256 * 2**20
    output: int = 4 * 2**20

    @property
    def too_long(self) -> str:
        """The message when the time is over."""
        return f"the code took longer than {self.seconds:g} s"

    @property
    def too_much(self) -> str:
        """The message when the output is over its bound."""
        return f"the code wrote more than {self.output} bytes"


class Sandbox(Protocol):
    """A place where code can do no harm: no files, environment, processes or network."""

    name: str

    async def call(self, code: str, arguments: Mapping[str, Value], limits: SandboxLimits) -> Value:
        """What `code` returns for `arguments`; `CodeError` where it fails or breaks a limit."""


class Turns:
    """As many calls at once as there are processors: a call's clock runs only while it can run."""

    def __init__(self) -> None:
        self._gates: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = (
            WeakKeyDictionary()
        )

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Waits for a turn and holds it."""
        loop = asyncio.get_running_loop()
        gate = self._gates.setdefault(loop, asyncio.Semaphore(os.cpu_count() or 1))
        async with gate:
            yield
