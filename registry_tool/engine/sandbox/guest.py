"""What runs inside a sandbox: read {code, arguments}, call the author's function, write {value} or {error}.

This file is sent into the guest as text and never imported by the product. The author's function is `main`, else
the first one that the code defines; its parameters are taken by name. Every import costs the WebAssembly guest
more than most code takes to run, so this file does without `ast`, `inspect`, `traceback` and, there, `json`.
"""

from __future__ import annotations

import posix
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_VARKEYWORDS = 0x08  # inspect.CO_VARKEYWORDS


def _json() -> tuple[Callable[[str], Any], Callable[[Any], str]]:
    """How to read and how to write JSON: the `json` module, or in WebAssembly the C parts that it wraps."""
    if sys.platform != "wasi":
        import json

        return json.loads, lambda value: json.dumps(value, allow_nan=False)
    import _json

    class How:
        strict, memo = True, {}
        object_hook = object_pairs_hook = None
        parse_float, parse_int, parse_constant = float, int, float

    def unknown(value: Any) -> Any:
        raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")

    def write(value: Any) -> str:
        spell = _json.encode_basestring_ascii
        encoder = _json.make_encoder({}, unknown, spell, None, ": ", ", ", False, False, False)
        return "".join(encoder(value, 0))

    scan = _json.make_scanner(How)
    return (lambda text: scan(text, 0)[0]), write


def _confine(bounds: dict[str, int]) -> None:
    """Bounds that hold for this process and can't be raised again; what a native sandbox adds to bubblewrap."""
    import resource

    for name in ("CORE", "FSIZE", "MEMLOCK", "MSGQUEUE", "NPROC"):
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (0, 0))
    for name in ("AS", "CPU", "NOFILE"):
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (bounds[name], bounds[name]))
    if user := bounds.get("user"):
        posix.setgroups([])
        posix.setresgid(user, user, user)
        posix.setresuid(user, user, user)


def _function(space: dict[str, Any]) -> Any:
    """`main`, else the first function that the code itself defines."""
    if callable(space.get("main")):
        return space["main"]
    for name, value in space.items():
        code: Any = getattr(_bare(value), "__code__", None)
        if getattr(code, "co_filename", "") == "<code>" and code.co_name == name:
            return value
    raise TypeError("the code defines no function; write def main(...): ... return value")


def _bare(function: Any) -> Any:
    """A function without the decorators that say what they wrap."""
    for _ in range(100):
        if not hasattr(function, "__wrapped__"):
            break
        function = function.__wrapped__
    return function


def _call(function: Any, arguments: dict[str, Any]) -> Any:
    bare = _bare(function)
    about = bare.__code__
    positional = about.co_varnames[: about.co_argcount]
    keyword = about.co_varnames[about.co_argcount : about.co_argcount + about.co_kwonlyargcount]
    optional = {
        *positional[len(positional) - len(bare.__defaults__ or ()) :],
        *(bare.__kwdefaults__ or ()),
    }
    wanted = (*positional, *keyword)
    missing = [name for name in wanted if name not in arguments and name not in optional]
    if missing:
        can = ", ".join(arguments)
        raise TypeError(f"{bare.__name__}() wants {', '.join(missing)}; it can have {can}")
    everything = about.co_flags & _VARKEYWORDS
    return function(**{k: v for k, v in arguments.items() if everything or k in wanted})


def _error(error: BaseException) -> dict[str, Any]:
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<code>":
            line = trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename == "<code>":
        line = error.lineno or 0
        error = type(error)(error.msg)
    message = str(error)[:2000]
    return {
        "error": f"{type(error).__name__}: {message}" if message else type(error).__name__,
        "line": line,
    }


def _answer(task: dict[str, Any], write: Callable[[Any], str]) -> str:
    try:
        if "random" in task["code"]:  # the same input gives the same output, also by way of dice
            import random

            random.seed(0)
        space: dict[str, Any] = {"__name__": "code"}
        exec(compile(task["code"], "<code>", "exec"), space)  # noqa: S102 - this is the sandbox
        return write({"value": _call(_function(space), task["arguments"])})
    except BaseException as error:  # noqa: BLE001 - everything that the author's code raises is reported
        return write(_error(error))


def _main() -> None:
    posix.write(1, b"started\n")
    posix.environ.clear()
    read, write = _json()
    task = read(sys.stdin.read())
    if "confine" in task:
        _confine(task["confine"])
    out, sys.stdout = sys.stdout, sys.stderr  # what the code prints is nobody's result
    answer = _answer(task, write)
    out.write(f"\n{answer}\n")
    out.flush()
    posix._exit(0)  # taking the interpreter down in order would only take time


if __name__ == "__main__":
    _main()
