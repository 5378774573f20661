"""The default sandbox: CPython compiled to WebAssembly, run by wasmtime, with nothing from outside.

No folder is opened to it, its environment is empty, and WASI preview 1 has no sockets and no processes. Sleeping
is refused, since a sleeping guest could not be stopped; what it takes for randomness is constant. Time, memory
and output are bounded from outside, and a cancelled call is over within milliseconds. Time is what the guest has
computed, so that a busy machine fails nobody's code.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

from registry_tool.core.values import Value
from registry_tool.engine.sandbox import exchange
from registry_tool.engine.sandbox.base import CHEAPER, CodeError, SandboxLimits, Turns
from registry_tool.engine.sandbox.interpreter import load

_NOT_SUPPORTED = 58  # WASI's errno `notsup`
_PIECE = 65536  # bytes of this process that a guest may ask for at random at once
_UNSIGNED = 0xFFFFFFFF
_PATIENCE = 6
"""On a machine that is busy with other work a call may take so many times its seconds by the wall's clock."""
_SOON = 0.01
_WASI = "wasi_snapshot_preview1"
_COMMAND = ("python", "-s", "-S", "-P", "-B", "-c")
_ENVIRONMENT = (("PYTHONHASHSEED", "0"),)  # read at the start, then removed


class WasmSandbox:
    """Runs code in WebAssembly; one instance serves many calls at once."""

    name = "wasm"

    def __init__(self) -> None:
        self._turns = Turns()

    async def call(self, code: str, arguments: Mapping[str, Value], limits: SandboxLimits) -> Value:
        """What the code's function returns; `CodeError` with the author's own line number otherwise."""
        given = exchange.task(code, arguments)
        async with self._turns.one():
            guest = _Guest(*await asyncio.to_thread(load), given, limits)
            await _watched(guest, limits)
        if guest.stopped:
            raise CodeError(guest.stopped, hint=CHEAPER)
        return exchange.value(bytes(guest.out), bytes(guest.err))

    def prepare(self) -> None:
        """Compile the interpreter now rather than at the first call (some seconds, once)."""
        load()


class _Guest:
    """One run of the interpreter. `stopped` says why it did not end by itself."""

    def __init__(self, engine: Any, module: Any, given: bytes, limits: SandboxLimits) -> None:
        self._engine, self._module, self._given, self._limits = engine, module, given, limits
        self.stopped = ""
        self.out, self.err = bytearray(), bytearray()
        self._cpu_clock: int | None = None  # of the thread that runs it, where the system has one
        self._began = 0.0  # what that clock said then

    def computed(self) -> float | None:
        """Seconds of processor time that the run has had; None where nobody can say."""
        if self._cpu_clock is None:
            return None
        try:
            return time.clock_gettime(self._cpu_clock) - self._began
        except OSError:  # its thread has ended
            return None

    def stop(self, reason: str) -> None:
        """End the run at once; from any thread."""
        self.stopped = self.stopped or reason
        self._engine.increment_epoch()

    def run(self) -> None:
        """From start to end, in the thread of its own."""
        import wasmtime

        if hasattr(time, "pthread_getcpuclockid"):
            clock = time.pthread_getcpuclockid(threading.get_ident())
            self._began = time.clock_gettime(clock)
            self._cpu_clock = clock
        store = wasmtime.Store(self._engine)
        store.set_limits(memory_size=self._limits.memory)
        store.set_epoch_deadline(1)
        if self.stopped:  # before the deadline was set, which then would never be reached
            return
        try:
            with tempfile.TemporaryDirectory(prefix="puppy-sandbox-") as folder:
                stdin = Path(folder) / "in"
                stdin.write_bytes(self._given)
                store.set_wasi(self._wasi(stdin))
                instance = self._linker().instantiate(store, self._module)
                cast(Any, instance.exports(store)["_start"])(store)
        except wasmtime.ExitTrap:
            pass  # the guest ended by itself; what it wrote tells the rest
        except (wasmtime.Trap, wasmtime.WasmtimeError) as trap:
            last = str(trap).splitlines()[-1].strip()
            self.stopped = self.stopped or f"the code crashed the interpreter: {last}"
        finally:
            store.close()

    def _wasi(self, stdin: Path) -> Any:
        import wasmtime

        wasi = wasmtime.WasiConfig()
        wasi.argv = [*_COMMAND, exchange.guest()]
        wasi.env = _ENVIRONMENT
        wasi.stdin_file = str(stdin)
        wasi.stdout_custom = self._writer(self.out)
        wasi.stderr_custom = self._writer(self.err)
        return wasi

    def _writer(self, kept: bytearray) -> Callable[[bytes], int]:
        def write(data: bytes) -> int:
            if len(self.out) + len(self.err) + len(data) > self._limits.output:
                self.stop(self._limits.too_much)
            else:
                kept.extend(data)
            return len(data)

        return write

    def _linker(self) -> Any:
        """WASI without waiting and without chance."""
        import wasmtime

        linker = wasmtime.Linker(self._engine)
        linker.define_wasi()
        linker.allow_shadowing = True
        word = wasmtime.ValType.i32()
        waits = wasmtime.FuncType([word] * 4, [word])
        linker.define_func(_WASI, "poll_oneoff", waits, lambda *_: _NOT_SUPPORTED)

        def constant(caller: Any, start: int, size: int) -> int:
            memory, start = caller["memory"], start & _UNSIGNED
            end = start + (size & _UNSIGNED)
            for location in range(start, end, _PIECE):
                memory.write(caller, bytes(min(_PIECE, end - location)), location)
            return 0

        fills = wasmtime.FuncType([word] * 2, [word])
        linker.define_func(_WASI, "random_get", fills, constant, access_caller=True)
        return linker


async def _watched(guest: _Guest, limits: SandboxLimits) -> None:
    """Runs a guest in a thread of its own; it ends with its time and with whoever waits for it."""
    loop = asyncio.get_running_loop()
    thread = ThreadPoolExecutor(1, thread_name_prefix="sandbox")
    deadline = _Deadline(loop, guest, limits)
    running = loop.run_in_executor(thread, guest.run)
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        guest.stop("cancelled")
        await asyncio.wait([running])
        raise
    finally:
        deadline.cancel()
        thread.shutdown(wait=False)


class _Deadline:
    """Stops a guest that has computed for its seconds; it can't sleep, so what it lacks other work took."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, guest: _Guest, limits: SandboxLimits
    ) -> None:
        self._loop, self._guest, self._limits = loop, guest, limits
        self._latest = loop.time() + limits.seconds * _PATIENCE
        self._next = loop.call_later(limits.seconds, self._look)

    def _look(self) -> None:
        computed, left = self._guest.computed(), self._latest - self._loop.time()
        lacks = 0.0 if computed is None else self._limits.seconds - computed
        if min(lacks, left) > 0:  # whatever the guest's clock says, not beyond the latest
            self._next = self._loop.call_later(min(max(lacks, _SOON), left), self._look)
        else:
            self._guest.stop(self._limits.too_long)

    def cancel(self) -> None:
        """The guest has ended."""
        self._next.cancel()
