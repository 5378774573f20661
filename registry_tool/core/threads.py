"""Work that never waits, done beside the event loop, so that clocks run on and other tasks have their turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


async def run_in_daemon_thread(work: Callable[[], T]) -> T:
    """What `work` returns or raises. Who is cancelled meanwhile doesn't wait for it, and neither does the program.

    `asyncio.to_thread` is not the same: a loop that closes, and a program that ends, wait for its threads.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: Callable[[], None]) -> None:
        if not done.done():
            result()

    def run() -> None:
        try:
            value = work()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            deliver = _raising(done, error)
        else:
            deliver = _returning(done, value)
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, deliver)

    Thread(target=run, name="beside", daemon=True).start()
    return await done


def _raising(done: asyncio.Future[T], error: BaseException) -> Callable[[], None]:
    return lambda: done.set_exception(error)


def _returning(done: asyncio.Future[T], value: T) -> Callable[[], None]:
    return lambda: done.set_result(value)
