"""The native sandbox, chosen by `PUPPY_SANDBOX=native`: this machine's Python inside bubblewrap.

Linux only. Beside bubblewrap (bubblewrap.py) stand a filter of system calls (seccomp.py), the process's own
limits (guest.py) and this module, which bounds output while it reads it and kills the whole at its time or when
its run is cancelled. Bubblewrap is started with an empty environment: clearing it later would leave a copy
behind.
"""

from __future__ import annotations

import asyncio
import math
import os
import platform
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from registry_tool.core.errors import MissingToolError
from registry_tool.core.values import Object, Value
from registry_tool.engine.sandbox import bubblewrap, exchange
from registry_tool.engine.sandbox.base import CHEAPER, CodeError, SandboxLimits, Turns
from registry_tool.engine.sandbox.seccomp import seccomp_filter

_OPEN_FILES = 32
_PIECE = 65536
_BY_SIGNAL = 128  # bubblewrap's exit status where a signal ended what it ran


class NativeSandbox:
    """Runs code in a process inside bubblewrap; one instance serves many calls at once."""

    name = "native"

    def __init__(self) -> None:
        self._turns = Turns()

    async def call(self, code: str, arguments: Mapping[str, Value], limits: SandboxLimits) -> Value:
        """What the code's function returns; `MissingToolError`, the code unrun, where bubblewrap is missing."""
        given = exchange.task(code, arguments, _bounds(limits))
        async with self._turns.one():
            with _filter() as descriptor:
                process = await asyncio.create_subprocess_exec(
                    *bubblewrap.command(descriptor, exchange.guest()),
                    stdin=PIPE,
                    stdout=PIPE,
                    stderr=PIPE,
                    env={},
                    pass_fds=(descriptor,),
                )
            talk = _Talk(process, limits)
            try:
                # a task of its own: until Python 3.11.4 a failed TaskGroup leaves its task half cancelled
                await asyncio.create_task(talk.whole(given))
            finally:
                await _end(process)
        return _value(talk, process.returncode or 0)


def _bounds(limits: SandboxLimits) -> Object:
    """What the guest sets for itself; seconds of CPU are whole ones, with one for its start."""
    return {
        "AS": limits.memory,
        "CPU": math.ceil(limits.seconds) + 1,
        "NOFILE": _OPEN_FILES,
        "user": bubblewrap.NOBODY if bubblewrap.is_root() else 0,
    }


@contextmanager
def _filter() -> Iterator[int]:
    """A descriptor from which the filter of system calls can be read."""
    program = seccomp_filter(platform.machine())
    reading, writing = os.pipe()
    try:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(program)
        yield reading
    finally:
        os.close(reading)


class _Talk:
    """What the guest writes on its two channels: together no more than it may."""

    def __init__(self, process: Process, limits: SandboxLimits) -> None:
        self._process, self._limits = process, limits
        self.out, self.err = bytearray(), bytearray()

    async def whole(self, given: bytes) -> None:
        """From the first byte to the process's end; `CodeError` where a limit is broken."""
        process = self._process
        assert process.stdin and process.stdout and process.stderr  # noqa: S101 - they are pipes
        try:
            async with asyncio.timeout(self._limits.seconds), asyncio.TaskGroup() as group:
                group.create_task(_write(process.stdin, given))
                group.create_task(self._read(process.stdout, self.out))
                group.create_task(self._read(process.stderr, self.err))
                group.create_task(process.wait())
        except TimeoutError:
            raise CodeError(self._limits.too_long, hint=CHEAPER) from None
        except ExceptionGroup as group:  # the only one that a task raises
            raise CodeError(self._limits.too_much, hint=CHEAPER) from group

    async def _read(self, stream: asyncio.StreamReader, kept: bytearray) -> None:
        while piece := await stream.read(_PIECE):
            kept.extend(piece)
            if len(self.out) + len(self.err) > self._limits.output:
                raise CodeError(self._limits.too_much)


async def _write(stream: asyncio.StreamWriter, given: bytes) -> None:
    try:
        stream.write(given)
        await stream.drain()
    except ConnectionError:
        pass  # it ended before it read everything; what it wrote tells why
    finally:
        stream.close()


async def _end(process: Process) -> None:
    """Nothing is left: when bubblewrap dies, the kernel kills its namespace of processes."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    await process.communicate()  # asyncio hears of the end only when the pipes are empty


def _value(talk: _Talk, status: int) -> Value:
    out, err = bytes(talk.out), bytes(talk.err)
    if not out.startswith(exchange.STARTED):
        stderr = err.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise MissingToolError(
            f"the native sandbox can't be built here, so the code was not run: {stderr[0][:500]}",
            hint="allow user namespaces to this user, or unset PUPPY_SANDBOX",
        )
    if status > _BY_SIGNAL:  # by a signal, or the code itself says so with any number
        ended = status - _BY_SIGNAL
        name = signal.strsignal(ended) if ended < signal.NSIG else None
        name = name or f"the exit code {status}"
        raise CodeError(f"the code crashed the interpreter: {name}", hint=CHEAPER)
    return exchange.value(out, err)
