"""Every way out of the sandbox is tried, in the sandbox itself."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from registry_tool.core.values import Value
from registry_tool.engine.sandbox.base import CodeError, Limits
from registry_tool.engine.sandbox.wasm import WasmSandbox


def call(code: str, limits: Limits | None = None, **arguments: Value) -> Value:
    return asyncio.run(WasmSandbox().call(code, arguments, limits or Limits()))


def test_a_function_gets_what_it_names_and_gives_json() -> None:
    code = "def main(a, b=2, *, c):\n    print('not the result')\n    return {'sum': a + b + c}"
    assert call(code, a=1, c=3, d=9) == {"sum": 6}


def test_main_is_preferred_and_unicode_survives() -> None:
    assert call("def f(): return 1\ndef main(text): return text[::-1]", text="你好\n") == "\n好你"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def f():\n    x = 1\n    return x / 0", "line 3: ZeroDivisionError"),
        ("def f(:", "line 1: SyntaxError"),
        ("def f(y): return y", "wants y; it can have x"),
        ("x = 1", "defines no function"),
        ("def f(): return float('nan')", "not JSON"),
        ("def f(): return object()", "not JSON serializable"),
        ("import os\ndef f(): os._exit(0)", "without an answer"),
        ("def f(n=0): return f(n + 1)", "RecursionError"),
    ],
)
def test_a_failure_comes_back_with_the_authors_line(code: str, reason: str) -> None:
    with pytest.raises(CodeError, match=reason):
        call(code, x=1)


@pytest.mark.parametrize(
    "attack",
    [
        "return open('/etc/passwd').read()",
        "import os; return os.listdir('/')",
        "import os; return os.listdir('.')",
        "return open('/proc/self/environ').read()",
        "import os; return os.fork()",
        "import subprocess; return subprocess.run(['id'])",
        "import socket; s = socket.socket(); s.connect(('127.0.0.1', 22))",
        "import urllib.request as u; return u.urlopen('http://127.0.0.1').read()",
        "import ctypes; return ctypes.CDLL(None)",
        "open('pwned', 'w').write('x')",
        "return 'a' * 10**10",
    ],
)
def test_nothing_outside_is_reached(attack: str) -> None:
    with pytest.raises(CodeError):
        call(f"def f():\n    {attack}")
    assert not Path("pwned").exists()


def test_the_environment_is_empty() -> None:
    os.environ["A_SECRET"] = "hidden"
    try:
        seen = call("import os\ndef f(): return dict(os.environ)")
    finally:
        del os.environ["A_SECRET"]
    assert seen == {"PYTHONHASHSEED": "0"}


def test_time_is_bounded() -> None:
    started = time.monotonic()
    with pytest.raises(CodeError, match=r"longer than 0\.3 s"):
        call("def f():\n    while True: pass", Limits(seconds=0.3))
    assert time.monotonic() - started < 5


def test_output_is_bounded() -> None:
    code = "import os\ndef f():\n    while True: os.write(1, b'x' * 65536)"
    with pytest.raises(CodeError, match="wrote more than 100000 bytes"):
        call(code, Limits(output=100_000))


def test_calls_do_not_disturb_each_other() -> None:
    async def both() -> list[object]:
        sandbox = WasmSandbox()
        return await asyncio.gather(
            sandbox.call("def f():\n    while True: pass", {}, Limits(seconds=0.3)),
            sandbox.call("def f():\n    return sum(range(10**6))", {}, Limits()),
            return_exceptions=True,
        )

    stopped, done = asyncio.run(both())
    assert isinstance(stopped, CodeError)
    assert done == sum(range(10**6))
