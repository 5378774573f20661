"""Work shared among processes: each takes every n-th item, and its results come back as they are made.

Children are forks, so that they begin with what the parent has read. They end by themselves: at their last item,
or where nobody reads their results any more (the parent was killed).
"""

from __future__ import annotations

import gc
import os
import pickle
import platform
import selectors
import struct
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Final, TypeVar

from registry_tool.core.errors import RegistryError

T = TypeVar("T")
R = TypeVar("R")
_HEAD: Final = struct.Struct(">Q")
_CHUNK: Final = 2**20
_COLLECTED: Final = (20_000, 20, 50)
"""A child looks for garbage less often than others: a tenth of its processor time went there."""


def cores() -> int:
    """How many processes are worth starting: the cores that this one may use; one where nothing can be forked."""
    if platform.system() != "Linux":  # elsewhere, libraries don't survive a fork
        return 1
    return len(os.sched_getaffinity(0))


def map_forked(
    work: Callable[[Sequence[T]], Iterable[R]], items: Sequence[T], workers: int
) -> Iterator[R]:
    """What `work` gives for the items, in any order; an error of a child is raised here.

    `work` is called once in each process, with its part of the items; its results are pickled. With one worker, or
    where the items are few, it runs in this process.
    """
    workers = min(workers, len(items) // 2)
    if workers < 2:
        yield from work(items)
        return
    children: list[_Child] = []
    ours = not gc.get_freeze_count()
    if ours:
        gc.freeze()  # children that looked through what is here already would copy it
    try:
        for first in range(workers):
            children.append(_fork(work, items[first::workers], children))
        yield from _results(children)
    finally:
        if ours:
            gc.unfreeze()
        ends = [child.end() for child in children]
    if any(ends):  # its results are not all
        raise _killed()


def _killed() -> RegistryError:
    return RegistryError(
        "a process that shared the work was killed",
        hint="look whether the machine had memory left, and try again",
    )


@dataclass(frozen=True, slots=True)
class _Child:
    process: int
    results: IO[bytes]

    def end(self) -> int:
        """Stop reading, by which it ends; wait until it has. 0 where it ended by itself."""
        self.results.close()
        return os.waitpid(self.process, 0)[1]


def _fork(
    work: Callable[[Sequence[T]], Iterable[R]], items: Sequence[T], others: Sequence[_Child]
) -> _Child:
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process:
        os.close(writing)
        return _Child(process, os.fdopen(reading, "rb", buffering=0))
    code = 1
    try:
        os.close(reading)
        for other in others:  # else it would not end where this one still could read its results
            other.results.close()
        gc.set_threshold(*_COLLECTED)
        with os.fdopen(writing, "wb") as results:
            _work(work, items, results)
        code = 0
    finally:  # nothing of the parent's own endings may run here
        os._exit(code)


def _work(
    work: Callable[[Sequence[T]], Iterable[R]], items: Sequence[T], results: IO[bytes]
) -> None:
    try:
        for result in work(items):
            _send(results, (True, result))
    except BrokenPipeError:
        return
    except BaseException as error:  # noqa: BLE001 - it is raised again in the parent
        _send(results, (False, error))


def _send(results: IO[bytes], message: tuple[bool, object]) -> None:
    data = pickle.dumps(message)
    results.write(_HEAD.pack(len(data)) + data)
    results.flush()


def _results(children: Sequence[_Child]) -> Iterator[R]:
    with selectors.DefaultSelector() as waiting:
        buffers = {}
        for child in children:
            waiting.register(child.results, selectors.EVENT_READ, child)
            buffers[child.process] = bytearray()
        while waiting.get_map():
            for key, _ in waiting.select():
                data = key.fileobj.read(_CHUNK)  # type: ignore[union-attr]
                if not data:
                    waiting.unregister(key.fileobj)
                buffers[key.data.process] += data
                yield from _messages(buffers[key.data.process])


def _messages(buffer: bytearray) -> Iterator[R]:
    while len(buffer) >= _HEAD.size:
        (size,) = _HEAD.unpack_from(buffer)
        if len(buffer) < _HEAD.size + size:
            return
        fine, result = pickle.loads(buffer[_HEAD.size : _HEAD.size + size])  # noqa: S301 - our own child's
        del buffer[: _HEAD.size + size]
        if not fine:
            raise result
        yield result
