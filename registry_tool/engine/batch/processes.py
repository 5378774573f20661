"""Items in several processes of this machine: more cores for the parts that wait for no network.

A worker gets the job, pickled, and then items as JSON lines on its standard input; it answers with JSON lines in
any order. It gets a few items more than it runs at once, so that it never waits for its next one. Only this
process writes the ledger. A worker ends when its input ends: none outlives its parent, however that ends.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.engine.attempts import first_error
from registry_tool.engine.batch.executors import Done, RunItem, Wanted
from registry_tool.engine.batch.items import Item

_LENGTH: Final = struct.Struct(">Q")
_PIECE: Final = 2**18
_PATIENCE: Final = 5.0  # seconds that a worker has to end after its input did


@dataclass(slots=True)
class _Worker:
    process: asyncio.subprocess.Process
    told: asyncio.StreamWriter
    heard: asyncio.StreamReader
    sent: dict[int, Item] = field(default_factory=dict)
    rest: bytes = b""

    def send(self, items: list[Item]) -> None:
        self.sent.update((item.line, item) for item in items)
        lines = [json.dumps([item.line, item.key, item.inputs]) + "\n" for item in items]
        self.told.write("".join(lines).encode())

    async def answers(self) -> list[tuple[Item, Object]]:
        """The next ones; `RegistryError` where the worker has ended or says that it can't begin."""
        piece = await self.heard.read(_PIECE)
        if not piece:
            raise RegistryError(
                "a worker process ended early",
                way_out="what was done is in the ledger; add --processes 1 to see what is wrong",
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
        self.told.transport.abort()
        try:
            async with asyncio.timeout(_PATIENCE):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


class ProcessExecutor:
    """`command` starts a worker, which calls `work_from_pipes`. `concurrency` is that of all workers together."""

    def __init__(
        self, command: tuple[str, ...], job: object, processes: int, concurrency: int
    ) -> None:
        self._command, self._job = command, job
        share, more = divmod(concurrency, processes)
        self._shares = [share + (n < more) for n in range(processes)]

    async def execute(self, items: Wanted, done: Done) -> None:
        """Every item once."""
        try:
            async with asyncio.TaskGroup() as group:
                for share in self._shares:
                    group.create_task(self._employ(share, items, done))
        except* RegistryError as failures:
            raise first_error(failures) from None

    async def _employ(self, share: int, items: Wanted, done: Done) -> None:
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
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        told = cast(asyncio.StreamWriter, process.stdin)
        job = pickle.dumps((self._job, share))
        told.write(_LENGTH.pack(len(job)) + job)
        return _Worker(process, told, cast(asyncio.StreamReader, process.stdout))


Read = Callable[[int], bytes]
"""At most so many bytes, as soon as there are some; none at the end."""


def read_job(read: Read) -> tuple[object, int]:
    """What a worker is told first: its job, and how many items to run at once."""
    (size,) = _LENGTH.unpack(_exactly(read, _LENGTH.size))
    job: tuple[object, int] = pickle.loads(_exactly(read, size))  # noqa: S301 - from our own parent
    return job


def _exactly(read: Read, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = read(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


async def serve(
    run: RunItem, share: int, read: Callable[[], Awaitable[bytes]], write: Callable[[bytes], None]
) -> None:
    """A worker's work: items from `read` until it gives nothing, `share` at once; what still runs is ended."""
    waiting: asyncio.Queue[bytes] = asyncio.Queue()
    answers = _Answers(write)

    async def follow() -> None:
        while True:
            line, key, inputs = json.loads(await waiting.get())
            answers.add(line, await run(Item(line, key, inputs)))

    followers = [asyncio.create_task(follow()) for _ in range(share)]
    rest = b""
    try:
        while piece := await read():
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                waiting.put_nowait(line)
            for task in followers:
                if task.done():  # only a bug ends one
                    task.result()
    finally:
        for task in followers:
            task.cancel()
        await asyncio.gather(*followers, return_exceptions=True)


class _Answers:
    """Gathers the answers of a moment into one write."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._lines: list[str] = []

    def add(self, line: int, record: Object) -> None:
        if not self._lines:
            asyncio.get_running_loop().call_later(0.001, self._flush)
        self._lines.append(json.dumps([line, record]))

    def _flush(self) -> None:
        data = "\n".join([*self._lines, ""]).encode()
        self._lines.clear()
        self._write(data)


def refusal(error: RegistryError) -> bytes:
    """What a worker says that can't begin."""
    return json.dumps([-1, {"error": str(error)}]).encode() + b"\n"
