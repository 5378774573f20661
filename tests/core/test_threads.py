"""Work beside the loop: the loop goes on, and who is cancelled waits for nothing."""

from __future__ import annotations

import asyncio
from threading import Event

import pytest

from registry_tool.core.threads import run_in_daemon_thread
from tests.bounded import PATIENCE


def test_the_loop_goes_on_meanwhile() -> None:
    """The work waits for what only the loop can do."""

    async def both() -> str:
        gone_on = Event()
        work = asyncio.create_task(
            run_in_daemon_thread(lambda: "done" if gone_on.wait(PATIENCE) else "stuck")
        )
        await asyncio.sleep(0)
        gone_on.set()
        return await work

    assert asyncio.run(both()) == "done"


def test_who_is_cancelled_does_not_wait_for_it() -> None:
    released = Event()

    async def late() -> None:
        async with asyncio.timeout(0.01):
            await run_in_daemon_thread(lambda: released.wait(PATIENCE))

    with pytest.raises(TimeoutError):
        asyncio.run(late())  # nor does the loop's end
    released.set()


def test_an_error_is_raised_where_it_is_waited_for() -> None:
    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        asyncio.run(run_in_daemon_thread(fail))
