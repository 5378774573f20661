"""Waiting for a run, wherever it goes: in this process it says when there is more, in another one is looked at."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Final

from starlette.concurrency import run_in_threadpool

from registry_tool.commands.live.runs.found_run import FoundRun
from registry_tool.commands.live.runs.held_stream import is_end

LOOK: Final = 0.5
"""Seconds between two looks at a run of another process."""
SILENCE: Final = 15.0
"""Seconds after which a stream says that it is still there."""
GOING: Final = frozenset({"queued", "running"})


class RunWatch:
    """Wakes a coroutine when a run has logged more. Use it as a context, so that the run forgets it."""

    def __init__(self, found: FoundRun, woken: asyncio.Event | None = None) -> None:
        self._found, self._woken = found, woken or asyncio.Event()
        self._end: Callable[[], None] = lambda: None

    def __enter__(self) -> RunWatch:
        loop = asyncio.get_running_loop()

        def wake() -> None:
            with suppress(RuntimeError):  # the loop has ended: nobody waits any more
                loop.call_soon_threadsafe(self._woken.set)

        if self._found.running is not None:
            self._end = self._found.running.watch(wake)
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    async def more(self, longest: float = LOOK) -> None:
        """Wait until there may be more, or so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), longest)
        self._woken.clear()


async def until_ended(found: FoundRun, longest: float) -> bool:
    """Wait for a run's result, at most so many seconds; whether it is there."""
    until = time.monotonic() + longest
    with RunWatch(found) as watch:
        while not await run_in_threadpool(_is_over, found):
            left = until - time.monotonic()
            if left <= 0:
                return False
            await watch.more(min(LOOK, left))
    return True


def _is_over(found: FoundRun) -> bool:
    return found.files.has_ended or found.status not in GOING


async def events(found: FoundRun, last: int) -> AsyncIterator[bytes]:
    """Server-Sent Events: the lines of a run's log after the `last` one, until its end; comments in between."""
    number = size = 0
    silent = time.monotonic()
    with RunWatch(found) as watch:
        while True:
            over = await run_in_threadpool(_is_over, found)
            lines = await run_in_threadpool(found.files.lines, size)
            for line in lines:
                number, size = number + 1, size + len(line)
                if number > last:
                    yield _message(number, line)
                if is_end(line, found.id):
                    return
            if lines:
                silent = time.monotonic()
            elif over:  # its process is gone, and logged no end
                return
            elif time.monotonic() - silent >= SILENCE:
                silent = time.monotonic()
                yield b": still there\n\n"
            await watch.more()


def _message(number: int, line: bytes) -> bytes:
    import msgspec

    name = msgspec.json.decode(line)["event"]
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (number, name.encode(), line.rstrip(b"\n"))
