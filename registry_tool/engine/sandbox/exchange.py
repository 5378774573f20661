"""What passes into a sandbox and out of it: JSON in both directions, the inside never trusted."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NoReturn, cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.sandbox.base import CodeError

STARTED = b"started\n"
"""The guest's first words: without them it never ran."""

DEEPEST = 200
"""Lists and objects inside one another; what comes after a sandbox recurses over values."""

_LONGEST = 2000  # characters of an error
_ABNORMAL = ("Fatal Python error", "MemoryError")


@cache
def guest() -> str:
    """The text of the program that runs inside."""
    return (resources.files("registry_tool.engine.sandbox") / "guest.py").read_text("utf-8")


def task(code: str, arguments: Mapping[str, Value], confine: Object | None = None) -> bytes:
    """What the guest reads; `confine` holds bounds that it has to set for itself first."""
    message: Object = {"code": code, "arguments": dict(arguments)}
    if confine is not None:
        message["confine"] = confine
    try:
        return json.dumps(message, allow_nan=False).encode("ascii")
    except ValueError as error:
        raise CodeError(f"what the code is given is not JSON: {error}") from None


def value(out: bytes, err: bytes) -> Value:
    """The value in what the guest wrote; `CodeError` for an error, or for anything but an answer."""
    last = out.removeprefix(STARTED).rstrip(b"\n").rsplit(b"\n", 1)[-1]
    answer = _read(last) if last else None
    if not isinstance(answer, dict):
        raise CodeError(_unanswered(err))
    if "value" not in answer:
        line, error = answer.get("line"), str(answer.get("error", _unanswered(err)))
        where = f"line {line}: " if isinstance(line, int) and line > 0 else ""
        raise CodeError(f"{where}{error[:_LONGEST]}")
    _check_depth(answer["value"])
    return answer["value"]


def _read(text: bytes) -> Value:
    try:
        decoded = text.decode()  # `json` would guess UTF-16, and take half a character in UTF-8
        read = cast(Value, json.loads(decoded, parse_constant=_refuse, parse_float=_finite))
        if b"\\u" in text:  # an escape may be half a character, which no file can hold
            json.dumps(read, ensure_ascii=False).encode()
    except UnicodeError:
        raise CodeError("the code's value holds text that is not Unicode") from None
    except RecursionError:
        _too_deep()
    except ValueError:
        return None
    return read


def _refuse(name: str) -> NoReturn:
    raise CodeError(f"the code's value is not JSON: it holds {name}")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse("an endless number")


def _check_depth(value: Value) -> None:
    level, depth = [value], 0
    while level := [
        inner
        for item in level
        if isinstance(item, (dict, list))
        for inner in (item.values() if isinstance(item, dict) else item)
    ]:
        depth += 1
        if depth > DEEPEST:
            _too_deep()


def _too_deep() -> NoReturn:
    raise CodeError(f"the code's value is nested deeper than {DEEPEST} levels")


def _hint_of(line: str) -> str:
    if not line.startswith("MemoryError"):
        return ""
    return (
        " (the sandbox has too little memory for what the code is given and makes of it; "
        "give it less at once, say in pieces, with an edge of type map)"
    )


def _unanswered(err: bytes) -> str:
    lines = err[-100_000:].decode("utf-8", "replace").splitlines()
    for line in lines:
        if line.startswith(_ABNORMAL):
            return f"the code broke the interpreter: {line[:500]}{_hint_of(line)}"
    return "the interpreter ended without an answer"
