"""The assertion `python`: the author's code, in the sandbox and nowhere else.

`value` is an expression, the body of a function with `return`, or code that defines `get_assert(output, context)`.
It gives true or false, a score, or {pass, score, reason}; `context` holds `vars`, `outputs` and `config`.
"""

from __future__ import annotations

import textwrap

from registry_tool.core.errors import MissingToolError
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.assertions.base import (
    Assertion,
    AssertionContext,
    AssertionFormError,
    AssertionResult,
    fails,
    holds,
    number,
    unjudged,
    wanted,
)
from registry_tool.engine.sandbox.base import CodeError, SandboxLimits

_LIMITS = SandboxLimits()
_CALL = "\n\ndef main(output, context):\n    return get_assert(output, context)\n"


async def _python(look: AssertionContext, form: Frozen) -> AssertionResult:
    sandbox = look.run.services.sandbox
    if sandbox is None:
        return unjudged("this run has no sandbox for code")
    context: Object = {
        "vars": dict(look.run.inputs),
        "outputs": dict(look.run.outputs),
        "config": form.get("config"),
    }
    try:
        found = await sandbox.call(
            program(wanted(form)), {"output": look.value, "context": context}, _LIMITS
        )
    except MissingToolError as error:
        return unjudged(str(error))
    except CodeError as error:
        raise AssertionFormError(f"its code failed: {error}") from None
    return verdict(found, form)


def program(value: Value) -> str:
    """The code with a function `main(output, context)`."""
    if not isinstance(value, str) or not value.strip():
        raise AssertionFormError("the value of python is code")
    if value.startswith("file://"):
        raise AssertionFormError("code of other files is not read", hint="put the code into value")
    code = textwrap.dedent(value).strip("\n")
    if "def get_assert(" in code:
        return code + _CALL
    if "\n" in code.strip() or code.lstrip().startswith("return "):
        return f"def main(output, context):\n{textwrap.indent(code, '    ')}\n"
    return f"def main(output, context):\n    return ({code.strip()})\n"


def verdict(found: Value, form: Frozen) -> AssertionResult:
    """What the code's value means."""
    least = number(form, "threshold") if "threshold" in form else None
    if isinstance(found, bool):
        return holds() if found else fails("the code says no")
    if isinstance(found, int | float):
        score = float(found)
        good = score > 0 if least is None else score >= least
        return AssertionResult(good, _bounded(score), "" if good else f"the code gives {score:g}")
    if isinstance(found, dict) and isinstance(found.get("pass"), bool):
        score = number(found, "score", 1.0 if found["pass"] else 0.0)
        good = bool(found["pass"]) and (least is None or score >= least)
        reason = str(found.get("reason") or "the code says no")
        return AssertionResult(good, _bounded(score), "" if good else reason[:500])
    raise AssertionFormError("its code must give true or false, a number, or {pass, score, reason}")


def _bounded(score: float) -> float:
    return min(max(score, 0.0), 1.0)


PYTHON = Assertion("python", _python)
