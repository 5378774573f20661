"""How a guest finds the author's function, calls it, and tells what went wrong; here without any walls."""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a guest is a POSIX program")


def answer(code: str, **arguments: Any) -> Any:
    guest = importlib.import_module("registry_tool.engine.sandbox.guest")
    result = guest._answer(
        {"code": code, "arguments": arguments}, lambda v: json.dumps(v, allow_nan=False)
    )
    return json.loads(result)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("def f(a): return a", 1),
        ("def f(): return 0\ndef main(b): return b", 2),
        ("def f(a, *, b): return a + b", 3),
        ("def f(a, c=9): return c", 9),
        ("def f(a, *, c=8): return c", 8),
        ("def f(**rest): return sorted(rest)", ["a", "b"]),
        ("def f(a, **rest): return rest", {"b": 2}),
        ("from json import dumps\ndef f(): return dumps(1)", "1"),
        ("g = len\nh = lambda: 5\ndef f(): return 7", 7),
        (
            "import functools\ndef twice(g):\n    @functools.wraps(g)\n"
            "    def inner(**given): return 2 * g(**given)\n    return inner\n"
            "@twice\ndef main(b): return b",
            4,
        ),
    ],
)
def test_the_author_s_function_is_called_by_name(code: str, value: Any) -> None:
    assert answer(code, a=1, b=2) == {"value": value}


@pytest.mark.parametrize(
    ("code", "error", "line"),
    [
        ("def f():\n\n    return 1 / 0", "ZeroDivisionError: division by zero", 3),
        ("x = 1\ndef f(:", "SyntaxError: ", 2),
        ("def f(a, z, y): return a", "TypeError: f() wants z, y; it can have a", 0),
        ("x = len", "TypeError: the code defines no function", 0),
        ("def f(): raise KeyError", "KeyError", 1),
        ("def f(): raise SystemExit(3)", "SystemExit: 3", 1),
        ("def f(): return float('inf')", "ValueError: ", 0),
        ("def f(): raise Exception('x' * 9999)", f"Exception: {'x' * 2000}", 1),
    ],
)
def test_a_failure_has_its_class_words_and_the_author_s_line(
    code: str, error: str, line: int
) -> None:
    found = answer(code, a=1)
    assert found["error"].startswith(error)
    assert found["line"] == line
    assert len(found["error"]) < 2100


def test_dice_fall_alike() -> None:
    code = "import random\ndef f(): return random.random()"
    assert answer(code) == answer(code)
