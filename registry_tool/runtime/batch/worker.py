"""A worker process of a batch: runs the items that it is sent (see `engine/batch/worker.py`)."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from typing import cast

from registry_tool.core.children import python_command
from registry_tool.core.errors import RegistryError
from registry_tool.engine.batch.worker import read_job, refusal, serve
from registry_tool.runtime.batch.items import BatchContext, ItemRunner, calm_collector

COMMAND = python_command("registry_tool.runtime.batch.worker")
_PIECE = 2**18


def main() -> None:
    """Work until standard input ends."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the whole group; the parent tells us
    calm_collector()
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints is not an answer

    def write(data: bytes) -> None:
        while data:
            data = data[os.write(out, data) :]

    try:
        job, share = read_job(lambda size: os.read(0, size))
        asyncio.run(_work(cast(BatchContext, job), share, write))
    except RegistryError as error:
        write(refusal(error))
    except (EOFError, BrokenPipeError):
        pass  # the parent is gone


async def _work(job: BatchContext, share: int, write: Callable[[bytes], None]) -> None:
    async def read() -> bytes:
        return await asyncio.to_thread(os.read, 0, _PIECE)

    async with ItemRunner(job.program(), job) as run:
        await serve(run, share, read, write)


if __name__ == "__main__":
    main()
