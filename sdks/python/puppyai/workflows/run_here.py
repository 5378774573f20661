"""A run in this process: the engine, in a thread with a loop of its own (a notebook's loop may be running)."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

from puppyai.workflows.errors import MissingExtraError, RunFailedError
from puppyai.workflows.models import RunEvent, Usage
from puppyai.workflows.result import Result, succeeded
from puppyai.workflows.translate import missing_module, python_hint
from puppyai.workflows.values import JsonObject

if TYPE_CHECKING:
    from registry_tool.engine.events import Event
    from registry_tool.engine.run import RunResult
    from registry_tool.sources.program import Program


@dataclass
class RunHere:
    """Runs a program. `timeout` (seconds) can only shorten the workflow's own."""

    program: Program
    inputs: JsonObject
    environment: str
    provider: str
    timeout: float | None
    id: str
    url: str = ""
    ends_with_its_reader: bool = True
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: Callable[[], None] | None = None
    _cancelled: bool = False

    def work(self, tell: Callable[[RunEvent], None]) -> Result:
        """Run it; `RunFailedError` where it fails or is cancelled, `MissingExtraError` where a part is missing."""
        from registry_tool.runtime.run_program import RunOptions

        how = RunOptions(
            environment=self.environment,
            provider=self.provider,
            listeners=(lambda event: tell(event_of(event)),),
            execution_id=self.id,
            timeout=self.timeout,
        )
        demand_engine()
        try:
            found = asyncio.run(self._main(how))
            if found.error_kind == "missing-tool":
                raise missing_extra(found.error)
            return succeeded(result_of(found))
        except asyncio.CancelledError:
            result = Result({}, "cancelled", self.id, error="the run was cancelled")
            raise RunFailedError(result.error, result) from None

    async def _main(self, how: object) -> RunResult:
        from registry_tool.runtime.run_program import RunOptions, run_in_loop

        assert isinstance(how, RunOptions)  # noqa: S101 - `work` makes it
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - inside a coroutine
        loop = asyncio.get_running_loop()

        def stop() -> None:
            loop.call_soon_threadsafe(task.cancel)

        with self._lock:
            self._stop = stop
            if self._cancelled:
                task.cancel()
        try:
            return await run_in_loop(self.program, self.inputs, how)
        finally:
            with self._lock:
                self._stop = None

    def cancel(self) -> None:
        """Cancel the engine's task: it ends all that it started."""
        with self._lock:
            self._cancelled = True
            if self._stop is not None:
                self._stop()


_ENGINE = ("ahocorasick_rs", "aiohttp", "phonenumbers", "stdnum")


def demand_engine() -> None:
    """`MissingExtraError` before anything runs, where the extra `run` is not installed."""
    for package in _ENGINE:
        if find_spec(package) is None:
            raise missing_module(ModuleNotFoundError(package, name=package))


_INSTALL = re.compile(r"(.*?) ?\((pip install '[^']+')\)", re.DOTALL)


def missing_extra(message: str) -> MissingExtraError:
    """What the engine says of a part that is missing, with the command that brings it."""
    found = _INSTALL.fullmatch(message)
    reason, install = found.groups() if found else (message, "")
    return MissingExtraError(reason, hint=python_hint(install))


def event_of(event: Event) -> RunEvent:
    """The engine's event as the SDK shows it."""
    return RunEvent(
        event.name,
        event.time,
        event.level,
        event.workflow,
        event.version,
        event.execution_id,
        dict(event.metadata),
    )


def result_of(found: RunResult) -> Result:
    """The engine's result as the SDK shows it."""
    usage = found.usage
    return Result(
        dict(found.outputs),
        found.status,
        found.execution_id,
        Usage(usage.input_tokens, usage.output_tokens, usage.calls, usage.cost_usd),
        found.seconds,
        found.blocks,
        found.answered_by,
        found.instead_of,
        found.notices,
        found.error,
    )
