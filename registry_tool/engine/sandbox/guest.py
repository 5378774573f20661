"""What runs inside the sandbox: read {code, arguments}, call the author's function, write {value} or {error}.

This file is sent into the guest as text and never imported by the product. The author's function is `main`, else
the first one that the code defines; its parameters are taken by name. `ast`, `inspect` and `traceback` would take
longer to import here than most code takes to run, so this file does without.
"""

from __future__ import annotations

import io
import json
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ONLY_AST = 0x400  # ast.PyCF_ONLY_AST
_VARKEYWORDS = 0x08  # inspect.CO_VARKEYWORDS


def _function(space: dict[str, Any], code: str) -> Any:
    tree: Any = compile(code, "<code>", "exec", _ONLY_AST)
    names = [node.name for node in tree.body if type(node).__name__ == "FunctionDef"]
    if not names:
        raise TypeError("the code defines no function; write def main(...): ... return value")
    return space["main" if "main" in names else names[0]]


def _call(function: Any, arguments: dict[str, Any]) -> Any:
    about = function.__code__
    positional = about.co_varnames[: about.co_argcount]
    keyword = about.co_varnames[about.co_argcount : about.co_argcount + about.co_kwonlyargcount]
    optional = {
        *positional[len(positional) - len(function.__defaults__ or ()) :],
        *(function.__kwdefaults__ or ()),
    }
    wanted = (*positional, *keyword)
    missing = [name for name in wanted if name not in arguments and name not in optional]
    if missing:
        can = ", ".join(arguments)
        raise TypeError(f"{function.__name__}() wants {', '.join(missing)}; it can have {can}")
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
    return {"error": f"{type(error).__name__}: {error}"[:2000], "line": line}


def _answer(task: dict[str, Any]) -> str:
    out, sys.stdout = sys.stdout, io.StringIO()
    try:
        space: dict[str, Any] = {"__name__": "code"}
        exec(compile(task["code"], "<code>", "exec"), space)  # noqa: S102 - this is the sandbox
        value = _call(_function(space, task["code"]), task["arguments"])
        return json.dumps({"value": value}, allow_nan=False)
    except BaseException as error:  # noqa: BLE001 - everything that the author's code throws is told
        return json.dumps(_error(error))
    finally:
        sys.stdout = out


if __name__ == "__main__":
    print("\n" + _answer(json.load(sys.stdin)), flush=True)
