"""Items in several processes of this machine: more cores for the parts that wait for no network.

A worker gets the job, pickled, and then items as JSON lines on its standard input; it answers with JSON lines in
any order. It gets a few items more than it runs at once, so that it never waits for its next one. Only this
process writes the ledger. A worker ends when its input ends: none outlives its parent, however that ends.
"""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, cast

from registry_tool.core.children import start_worker
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.engine.batch.executors import Done, RetrievalQuery
from registry_tool.engine.batch.items import Item
from registry_tool.engine.batch.worker import job_message
from registry_tool.engine.retry import first_error

_PIECE: Final = 2**18
_PATIENCE: Final = 5.0  # seconds that a worker has to end after its input did


@dataclass(slots=True)
class _Worker:
    process: asyncio.subprocess.Process
    stdin: asyncio.StreamWriter
    stdout: asyncio.StreamReader
    sent: dict[int, Item] = field(default_factory=dict)
    rest: bytes = b""

    def send(self, items: list[Item]) -> None:
        self.sent.update((item.line, item) for item in items)
        lines = [json.dumps([item.line, item.key, item.inputs]) + "\n" for item in items]
        self.stdin.write("".join(lines).encode())

    async def answers(self) -> list[tuple[Item, Object]]:
        """The next ones; `RegistryError` where the worker has ended or says that it can't begin."""
        piece = await self.stdout.read(_PIECE)
        if not piece:
            raise RegistryError(
                "a worker process ended early",
                hint="what was done is in the ledger; add --processes 1 to see what is wrong",
            )
        *lines, self.rest = (self.rest + piece).split(b"\n")
        return [self._answer(line) for line in lines]

    def _answer(self, line: bytes) -> tuple[Item, Object]:
        number, record = cast(tuple[int, Object], json.loads(line))
        if number < 0:
            raise RegistryError(str(record["error"]))
        return self.sent.pop(number), record

    async def end(self) -> None:
        """Close its input; kill it where that is not enough. Whoever is stopped meanwhile still waits for that."""
        ending = asyncio.ensure_future(self._end())
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:
            await ending
            raise

    async def _end(self) -> None:
        if not self.stdin.transport.is_closing():  # a dead worker's pipe is closed already
            self.stdin.transport.abort()
        try:
            async with asyncio.timeout(_PATIENCE):
                while await self.stdout.read(_PIECE):
                    pass  # until its end, at which the loop closes the pipe
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        await asyncio.sleep(0)  # the loop lets go of the pipes


class ProcessExecutor:
    """`command` starts a worker (`worker.py`). `concurrency` is that of all workers together."""

    def __init__(
        self, command: tuple[str, ...], job: object, processes: int, concurrency: int
    ) -> None:
        self._command, self._job = command, job
        share, more = divmod(concurrency, processes)
        self._shares = [share + (n < more) for n in range(processes)]

    async def execute(self, items: RetrievalQuery, done: Done) -> None:
        """Every item once."""
        try:
            async with asyncio.TaskGroup() as group:
                for share in self._shares:
                    group.create_task(self._employ(share, items, done))
        except* RegistryError as failures:
            raise first_error(failures) from None

    async def _employ(self, share: int, items: RetrievalQuery, done: Done) -> None:
        worker = await self._start(share)
        try:
            most = share + share // 4 + 1
            while True:
                while (room := most - len(worker.sent)) > 0:
                    chosen = list(islice(items, room))
                    worker.send([item for item in chosen if item is not None])
                    if len(chosen) < room:
                        break  # there are no more
                    await asyncio.sleep(0)
                if not worker.sent:
                    return
                for item, record in await worker.answers():
                    done(item, record)
        finally:
            await worker.end()

    async def _start(self, share: int) -> _Worker:
        process = await start_worker(self._command, dict(os.environ))
        stdin = cast(asyncio.StreamWriter, process.stdin)
        stdin.write(job_message(self._job, share))
        return _Worker(process, stdin, cast(asyncio.StreamReader, process.stdout))
