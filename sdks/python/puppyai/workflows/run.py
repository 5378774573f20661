"""One run, wherever it happens: its events while they come, its result once it has ended."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from puppyai.workflows.errors import TimedOutError, WorkflowError
from puppyai.workflows.models import RunEvent
from puppyai.workflows.result import Result
from puppyai.workflows.translate import translated

if TYPE_CHECKING:
    import asyncio


class RunDriver(Protocol):
    """What a run does, in a thread of its own."""

    @property
    def id(self) -> str:
        """What the run is called: an execution id, or the job's."""

    @property
    def url(self) -> str:
        """Where a person looks at it; empty where there is no such place."""

    def work(self, tell: Callable[[RunEvent], None]) -> Result:
        """Do it to its end, telling what happens."""

    def cancel(self) -> None:
        """Have `work` end soon. Called from another thread."""

    @property
    def ends_with_its_reader(self) -> bool:
        """Whether leaving a `with` block cancels it."""


class Run:
    """A run that has begun. Iterate over it for its events; `result()` waits for its end.

    In a `with` block, leaving early cancels it (a job on GitHub goes on: nobody's Ctrl-C ends that).
    """

    def __init__(self, work: RunDriver) -> None:
        self._work = work
        self._changed = threading.Condition()
        self._events: list[RunEvent] = []
        self._wakers: list[Callable[[], None]] = []
        self._result: Result | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._main, name="workflow run", daemon=True)
        self._thread.start()

    @property
    def id(self) -> str:
        """What the run is called: an execution id (`exec-…`), or the number of the job's run."""
        return self._work.id

    @property
    def url(self) -> str:
        """Where a person looks at it; empty for a run here."""
        return self._work.url

    @property
    def ended(self) -> bool:
        """Whether it has ended, well or badly."""
        return self._result is not None or self._error is not None

    def __iter__(self) -> Iterator[RunEvent]:
        return self.events()

    def events(self) -> Iterator[RunEvent]:
        """All its events from the first, waiting for those to come; ends with the run. Any number may look on."""
        position = 0
        while True:
            with self._changed:
                self._changed.wait_for(lambda at=position: len(self._events) > at or self.ended)  # type: ignore[misc]
                fresh = self._events[position:]
            if not fresh:
                return
            position += len(fresh)
            yield from fresh

    def result(self, timeout: float | None = None) -> Result:
        """Wait for its end; `RunFailedError` where it ended badly, `TimedOutError` after so many seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.ended, timeout):
                raise self._late(timeout)
        return self._outcome()

    def cancel(self) -> None:
        """End it; does nothing where it has ended."""
        if not self.ended:
            self._work.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._work.ends_with_its_reader:
            self.cancel()
            self._thread.join()

    def _watch(self, waker: Callable[[], None]) -> None:
        """Call this at every change from now on; from another thread."""
        with self._changed:
            self._wakers.append(waker)

    def _seen(self, position: int) -> list[RunEvent]:
        """The events from a position on, as far as there are."""
        with self._changed:
            return self._events[position:]

    def _outcome(self) -> Result:
        if self._error is not None:
            raise self._error
        assert self._result is not None  # noqa: S101 - it has ended
        return self._result

    def _late(self, timeout: float | None) -> WorkflowError:
        return TimedOutError(
            f"the run has not ended within {timeout:g} s; it goes on",
            location=self.url or self.id,
            hint="wait again with result(), or end it with cancel()",
        )

    def _main(self) -> None:
        try:
            with translated():
                self._end(self._work.work(self._tell), None)
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            self._end(None, error)

    def _tell(self, event: RunEvent) -> None:
        with self._changed:
            self._events.append(event)
            self._notify()

    def _end(self, result: Result | None, error: BaseException | None) -> None:
        with self._changed:
            self._result, self._error = result, error
            self._notify()

    def _notify(self) -> None:
        self._changed.notify_all()
        for waker in self._wakers:
            waker()


class AsyncRun:
    """A run that has begun, for `async for` and `await`; in an `async with` block, leaving early cancels it."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @property
    def id(self) -> str:
        """What the run is called."""
        return self._run.id

    @property
    def url(self) -> str:
        """Where a person looks at it; empty for a run here."""
        return self._run.url

    @property
    def ended(self) -> bool:
        """Whether it has ended, well or badly."""
        return self._run.ended

    def __aiter__(self) -> AsyncIterator[RunEvent]:
        return self.events()

    async def events(self) -> AsyncIterator[RunEvent]:
        """All its events from the first, waiting for those to come; ends with the run."""
        wake = self._alarm()
        position = 0
        while True:
            ended = self._run.ended
            fresh = self._run._seen(position)
            position += len(fresh)
            for event in fresh:
                yield event
            if not fresh:
                if ended:
                    return
                await wake.wait()
            wake.clear()

    async def result(self, timeout: float | None = None) -> Result:
        """Wait for its end; `RunFailedError` where it ended badly, `TimedOutError` after so many seconds."""
        import asyncio

        try:
            async with asyncio.timeout(timeout):
                await self._ended()
        except TimeoutError:
            return self._run.result(0)
        return self._run.result()

    def cancel(self) -> None:
        """End it; does nothing where it has ended."""
        self._run.cancel()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        import asyncio

        await asyncio.to_thread(self._run.__exit__, kind, error, trace)

    async def _ended(self) -> None:
        wake = self._alarm()
        while not self._run.ended:
            await wake.wait()
            wake.clear()

    def _alarm(self) -> asyncio.Event:
        import asyncio

        loop, wake = asyncio.get_running_loop(), asyncio.Event()

        def waker() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(wake.set)

        self._run._watch(waker)
        return wake
