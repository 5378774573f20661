"""The worker's side of `processes.py`: a job first, then items in, records out, until the input ends."""

from __future__ import annotations

import asyncio
import json
import pickle
import struct
from collections.abc import Awaitable, Callable
from typing import Final

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.engine.batch.executors import RunItem
from registry_tool.engine.batch.items import Item

_LENGTH: Final = struct.Struct(">Q")

Read = Callable[[int], bytes]
"""At most so many bytes, as soon as there are some; none at the end."""


def job_message(job: object, share: int) -> bytes:
    """What the parent sends before any item: the job, which must pickle, and how many items to run at once."""
    data = pickle.dumps((job, share))
    return _LENGTH.pack(len(data)) + data


def read_job(read: Read) -> tuple[object, int]:
    """What `job_message` holds."""
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
