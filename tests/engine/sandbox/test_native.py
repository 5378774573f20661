"""The native sandbox's own behaviour; what it holds back is in test_probes.py."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

import pytest

from registry_tool.core.errors import MissingToolError
from registry_tool.core.values import Value
from registry_tool.engine.sandbox.base import CodeError, SandboxLimits
from registry_tool.engine.sandbox.native import NativeSandbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the native sandbox needs Linux")
with_bwrap = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is missing")


def call(code: str, limits: SandboxLimits | None = None, **arguments: Value) -> Value:
    return asyncio.run(NativeSandbox().call(code, arguments, limits or SandboxLimits()))


@with_bwrap
def test_a_function_gets_json_and_gives_json() -> None:
    assert call("def main(a, *, b=2): return {'sum': a + b, 'text': '你好'}", a=1) == {
        "sum": 3,
        "text": "你好",
    }


@with_bwrap
def test_a_large_value_goes_in_and_out() -> None:
    text = "x" * 2**20
    assert call("def main(text): return text", text=text) == text


@with_bwrap
def test_a_failure_names_the_authors_line_and_no_path_of_the_host() -> None:
    with pytest.raises(CodeError) as failure:
        call("def f():\n\n    from json import nothing")
    assert str(failure.value).startswith("line 3: ImportError")
    assert sys.prefix not in str(failure.value)


@with_bwrap
def test_a_cancelled_call_is_over_at_once() -> None:
    async def cancel() -> None:
        task = asyncio.create_task(
            NativeSandbox().call("def f():\n    while True: pass", {}, SandboxLimits(seconds=600))
        )
        await asyncio.sleep(0.2)
        task.cancel()
        async with asyncio.timeout(60):  # of the ten minutes that it might have taken
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(cancel())


@with_bwrap
def test_calls_run_side_by_side() -> None:
    async def many() -> list[Value]:
        sandbox = NativeSandbox()
        calls = [
            sandbox.call("def f(n): return n * n", {"n": n}, SandboxLimits()) for n in range(6)
        ]
        return list(await asyncio.gather(*calls))

    assert asyncio.run(many()) == [n * n for n in range(6)]


def test_without_bubblewrap_no_code_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match="needs bubblewrap, so the code was not run"):
        call("def f(): return 1")


def test_where_walls_are_forbidden_no_code_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = "bwrap: No permissions to create new namespace"
    program = tmp_path / "bwrap"
    program.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match=f"the code was not run: {said}") as failure:
        call("def f(): return 1")
    assert "PUPPY_SANDBOX" in failure.value.hint
