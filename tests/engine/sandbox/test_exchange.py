"""What comes out of a sandbox is looked at before it is believed."""

from __future__ import annotations

import json

import pytest

from registry_tool.engine.sandbox import exchange
from registry_tool.engine.sandbox.base import CodeError


def test_a_task_is_plain_json() -> None:
    result = exchange.task("def f(): pass", {"text": "é\ud800"})
    assert result.isascii()
    assert json.loads(result) == {"code": "def f(): pass", "arguments": {"text": "é\ud800"}}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_json_lacks_do_not_go_in(number: float) -> None:
    with pytest.raises(CodeError, match="not JSON"):
        exchange.task("", {"x": [number]})


def test_the_last_line_is_the_answer() -> None:
    assert exchange.value(b'started\nchatter\n\n{"value": [1, null]}\n', b"") == [1, None]


@pytest.mark.parametrize(
    ("out", "err", "reason"),
    [
        (b"", b"", "ended without an answer"),
        (b"started\n", b"", "ended without an answer"),
        (b"started\n\n{", b"chatter", "ended without an answer"),
        (b"started\n\n[1]", b"", "ended without an answer"),
        (b"started\n\n{}", b"", "ended without an answer"),
        (
            b"started\n",
            b"x\nFatal Python error: y\nz",
            "broke the interpreter: Fatal Python error: y",
        ),
        (b'\n{"error": "E: x", "line": 3}', b"", "line 3: E: x"),
        (b'\n{"error": "E: x", "line": 0}', b"", "^E: x"),
        (b'\n{"error": ["x"], "line": "/etc"}', b"", "^\\['x'\\]"),
        (b'\n{"value": 1e999}', b"", "not JSON: it holds an endless number"),
        (b'\n{"value": -Infinity}', b"", "not JSON: it holds -Infinity"),
        (b'\n{"value": "\\udc00"}', b"", "not Unicode"),
        (b'\n{"value": "\xed\xa0\x80"}', b"", "not Unicode"),
        ('\n{"value": "\\udc00"}'.encode("utf-16-be"), b"", "not Unicode|without an answer"),
        (b'\n{"value": ' + b"[" * 250 + b"]" * 250 + b"}", b"", "nested deeper than 200"),
        (b'\n{"value": ' + b"[" * 10**6, b"", "nested deeper than 200"),
    ],
)
def test_anything_else_is_an_error(out: bytes, err: bytes, reason: str) -> None:
    with pytest.raises(CodeError, match=reason):
        exchange.value(out, err)


def test_a_long_error_is_cut() -> None:
    with pytest.raises(CodeError) as failure:
        exchange.value(b'\n{"error": "' + b"x" * 10**6 + b'"}', b"")
    assert len(str(failure.value)) < 3000


def test_escapes_that_are_whole_characters_pass() -> None:
    assert exchange.value(b'\n{"value": "\\ud83d\\ude00\\u00e9"}', b"") == "😀é"
