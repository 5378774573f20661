"""One run of a live registry, in a thread of its own: it goes on whoever has gone away."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final, TextIO, cast

from registry_tool.commands.live.runs.files import RunFiles
from registry_tool.commands.live.runs.held_stream import HeldStream
from registry_tool.commands.run.admitted_run import LOCKED, AdmittedRun, Sinks
from registry_tool.commands.run.outcome import RunOutcome, record
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.engine.run import RunResult
from registry_tool.engine.settings import CANCELLED, ERROR, TIMEOUT
from registry_tool.monitoring.series import FinishedRun
from registry_tool.runtime.run_program import RunOptions, run_in_loop
from registry_tool.sources.program import Program

LOOK: Final = 0.2
"""Seconds between two looks whether somebody wants a run to end."""
_LOG = logging.getLogger(__name__)
_BUG: Final = "a bug of the server ended it; its log says more"


Count = Callable[[FinishedRun], None]
"""Counts a run for the metrics."""
Ended = tuple[RunOutcome, Object]
"""How a run ended, for its record and for who began it."""


class LiveRun:
    """An admitted run and its files. `places` bounds how many go at once, `count` hears of its end."""

    def __init__(
        self,
        admitted: AdmittedRun,
        files: RunFiles,
        stream: TextIO,
        places: threading.Semaphore,
        count: Count,
    ) -> None:
        self.id = admitted.admission.execution_id
        self.files = files
        self._places, self._stream, self._count = places, stream, count
        self._told = HeldStream(stream, self.id, self._wake)
        self._admitted = replace(
            admitted, sinks=Sinks(stream=cast(TextIO, self._told)), running=self._run_program
        )
        self._lock = threading.Lock()
        self._wakers: list[Callable[[], None]] = []
        self._ended: list[Callable[[], None]] = []
        self._is_over = False
        self._thread = threading.Thread(target=self._main, name=self.id, daemon=True)

    def start(self, at_end: Callable[[], None]) -> None:
        """Begin; `at_end` is called when it is over."""
        self._ended.append(at_end)
        self._thread.start()

    def join(self, seconds: float) -> None:
        """Wait for its end, at most so long."""
        self._thread.join(seconds)

    def watch(self, waker: Callable[[], None]) -> Callable[[], None]:
        """Have something called, in another thread, whenever there is more to read; gives what ends that."""
        with self._lock:
            self._wakers.append(waker)

        def end() -> None:
            with self._lock, suppress(ValueError):
                self._wakers.remove(waker)

        return end

    def _wake(self) -> None:
        with self._lock:
            wakers = tuple(self._wakers)
        for waker in wakers:
            waker()

    def abandon(self) -> None:
        """Be over now, whatever it does: something in it can't be stopped, and its server ends."""
        self._finish(*self._broken_off(asyncio.CancelledError()))

    def _main(self) -> None:
        ended = self._broken_off(RegistryError(_BUG))
        try:
            with self._places:
                ended = self._worked()
        finally:
            self._finish(*ended)

    def _worked(self) -> Ended:
        try:
            self._demand_wanted()
            result, outcome = self._admitted.run()
            return outcome, self._of(result)
        except (RegistryError, asyncio.CancelledError) as error:
            return self._broken_off(error)

    def _broken_off(self, error: BaseException) -> Ended:
        cancelled = isinstance(error, asyncio.CancelledError)
        document: Object = {
            "execution_id": self.id,
            "status": CANCELLED if cancelled else ERROR,
            "error": words(error),
        }
        return self._admitted.broken_off(error), document

    def _finish(self, outcome: RunOutcome, document: Object) -> None:
        """Record the end, and let others read it; once."""
        with self._lock:
            if self._is_over:
                return
            self._is_over = True
        try:
            self._record(outcome)
            self._count(self._finished(document))
            self._leave(document)
        finally:
            self._stream.close()
            self._wake()
            for callback in self._ended:
                callback()

    def _finished(self, document: Object) -> FinishedRun:
        seconds, usage = document.get("seconds"), document.get("usage")
        run = self.files.run()
        return FinishedRun(
            run.workflow,
            run.version,
            str(document["status"]),
            float(seconds) if isinstance(seconds, int | float) else None,
            usage if isinstance(usage, dict) else {},
            run.environment,
        )

    def _record(self, outcome: RunOutcome) -> None:
        """Who asked gets the result also where this fails; the run counts since it began."""
        admitted = self._admitted
        try:
            record(admitted.target, admitted.admission, outcome, admitted.ring)
        except RegistryError as error:
            _LOG.error("the end of %s could not be recorded: %s", self.id, error)

    def _demand_wanted(self) -> None:
        if self.files.is_to_be_cancelled:
            raise asyncio.CancelledError

    def _of(self, result: RunResult) -> Object:
        document = result.to_value()
        if result.error_kind == TIMEOUT:
            document["status"] = TIMEOUT
        return document

    def _leave(self, document: Object) -> None:
        admitted, run = self._admitted, self.files.run()
        clock = admitted.target.clock
        until = clock.now() + timedelta(seconds=run.keep)
        self.files.end(admitted.ring, document, until)
        about: Object = {"name": run.workflow, "version": run.version, "execution_id": self.id}
        ending = {**document, "error": LOCKED} if run.encrypted else document
        self._told.release(about, ending, clock)

    def _run_program(
        self, program: Program, inputs: Mapping[str, Value], how: RunOptions
    ) -> RunResult:
        return asyncio.run(self._cancellable(program, inputs, how))

    async def _cancellable(
        self, program: Program, inputs: Mapping[str, Value], how: RunOptions
    ) -> RunResult:
        """The run, ended where somebody leaves a mark, in whichever process."""
        running = asyncio.create_task(run_in_loop(program, inputs, how))
        while not running.done():
            await asyncio.wait([running], timeout=LOOK)
            if self.files.is_to_be_cancelled:
                running.cancel()
        return await running


_CANCELLED: Final = "the run was cancelled"


def words(error: BaseException) -> str:
    """What is wrong and the fix, without the place, which may be one of this machine."""
    if not isinstance(error, RegistryError):
        return _CANCELLED
    return f"{error.reason} ({error.hint})" if error.hint else error.reason
