"""Every way out of the sandbox is tried, in the sandbox itself."""

from __future__ import annotations

import asyncio
import os
import random
import threading
import time
from pathlib import Path

import pytest

from registry_tool.core.values import Value
from registry_tool.engine.sandbox import exchange, wasm
from registry_tool.engine.sandbox.base import CodeError, SandboxLimits
from registry_tool.engine.sandbox.interpreter import load
from registry_tool.engine.sandbox.wasm import WasmSandbox, _Guest
from tests import bounded


def call(code: str, limits: SandboxLimits | None = None, **arguments: Value) -> Value:
    return asyncio.run(WasmSandbox().call(code, arguments, limits or SandboxLimits()))


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
    assert seen == {}


def test_time_is_bounded() -> None:
    with bounded.ends(), pytest.raises(CodeError, match=r"longer than 0\.3 s"):
        call("def f():\n    while True: pass", SandboxLimits(seconds=0.3))


def test_what_other_work_takes_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wasm._Guest, "computed", lambda _: 0.0)
    monkeypatch.setattr(wasm, "_PATIENCE", 10_000)
    assert (
        call("def f(): return 1", SandboxLimits(seconds=0.01)) == 1
    )  # its start alone takes longer


def test_patience_with_a_busy_machine_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wasm._Guest, "computed", lambda _: 0.0)
    with bounded.ends(), pytest.raises(CodeError, match=r"longer than 0\.05 s"):
        call("def f():\n    while True: pass", SandboxLimits(seconds=0.05))


def test_a_clock_that_says_nonsense_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A moved clock once said that a guest had minus thirty days behind it, and it was never looked at again."""
    monkeypatch.setattr(wasm._Guest, "computed", lambda _: -30 * 86_400.0)
    with bounded.ends(), pytest.raises(CodeError, match=r"longer than 0\.05 s"):
        call("def f():\n    while True: pass", SandboxLimits(seconds=0.05))


def test_where_nobody_counts_what_was_computed_the_wall_clock_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wasm._Guest, "computed", lambda _: None)
    with bounded.ends(), pytest.raises(CodeError, match=r"longer than 0\.05 s"):
        call("def f():\n    while True: pass", SandboxLimits(seconds=0.05))


def test_output_is_bounded() -> None:
    code = "import os\ndef f():\n    while True: os.write(1, b'x' * 65536)"
    with pytest.raises(CodeError, match="wrote more than 100000 bytes"):
        call(code, SandboxLimits(output=100_000))


def test_the_same_input_gives_the_same_output() -> None:
    code = (
        "import random, os\n"
        "def f(): return [random.random(), hash('x'), list(os.urandom(4)), list({'a', 'b', 'c'})]"
    )
    first = call(code)
    assert first == call(code)
    assert isinstance(first, list)
    assert first[0] == random.Random(0).random()  # noqa: S311


def test_a_sleeping_guest_could_not_be_stopped_so_it_may_not_sleep() -> None:
    with pytest.raises(CodeError, match=r"line 2: OSError.*Not supported"):
        call("def f():\n    import time; time.sleep(3600)")


def test_a_cancelled_call_is_over_at_once() -> None:
    async def cancel() -> None:
        task = asyncio.create_task(
            WasmSandbox().call("def f():\n    while True: pass", {}, SandboxLimits(seconds=600))
        )
        while not _guests():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    end = time.monotonic() + 60  # of the ten minutes that it might have taken
    while _guests() and time.monotonic() < end:
        time.sleep(0.01)
    assert not _guests()


def _guests() -> list[str]:
    """The threads in which a guest runs."""
    return [t.name for t in threading.enumerate() if t.name.startswith("sandbox")]


def test_a_call_that_is_cancelled_before_it_begins_never_runs() -> None:
    guest = _Guest(*load(), exchange.task("def f():\n    while True: pass", {}), SandboxLimits())
    guest.stop("cancelled")
    guest.run()
    assert not guest.out


def test_calls_do_not_disturb_each_other() -> None:
    async def both() -> list[object]:
        sandbox = WasmSandbox()
        return await asyncio.gather(
            sandbox.call("def f():\n    while True: pass", {}, SandboxLimits(seconds=0.3)),
            sandbox.call("def f():\n    return sum(range(10**6))", {}, SandboxLimits()),
            return_exceptions=True,
        )

    stopped, done = asyncio.run(both())
    assert isinstance(stopped, CodeError)
    assert done == sum(range(10**6))
