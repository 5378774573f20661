"""The interpreter of the sandbox is found, proved by its hash, and its machine code is ours."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from registry_tool.core.errors import MissingToolError, RegistryError
from registry_tool.core.values import Value
from registry_tool.engine.sandbox import interpreter
from registry_tool.engine.sandbox.base import SandboxLimits
from registry_tool.engine.sandbox.wasm import WasmSandbox


def call(code: str, limits: SandboxLimits | None = None, **arguments: Value) -> Value:
    return asyncio.run(WasmSandbox().call(code, arguments, limits or SandboxLimits()))


def test_without_an_interpreter_no_code_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "find_spec", lambda _: None)
    with pytest.raises(MissingToolError, match="so the code was not run") as failure:
        call("def f(): return 1")
    assert "[sandbox]" in failure.value.hint


def test_another_interpreter_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "python.wasm"
    other.write_bytes(b"\0asm\1\0\0\0")
    monkeypatch.setenv("PUPPY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(interpreter, "_wasm_file", lambda: other)
    with pytest.raises(RegistryError, match="not the one that this version was tested with"):
        call("def f(): return 1")


def test_machine_code_that_others_may_write_is_not_loaded(tmp_path: Path) -> None:
    file = tmp_path / "python.cwasm"
    file.touch(mode=0o644)
    assert interpreter._is_ours(file)
    file.chmod(0o666)
    assert not interpreter._is_ours(file)
