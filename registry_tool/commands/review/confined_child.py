"""The process in which a stranger's versions are judged and their tests replayed: no secrets, no network.

Its memory, time and files are bounded for each step. It reads pickles from standard input (its parent is trusted)
and writes lines of JSON (it is not).
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, cast

from registry_tool.commands.review.judge import JudgeRequest
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.rules.planted import CanaryReport
from registry_tool.runtime.confined import (
    AHEAD,
    DONE,
    JUDGING,
    OUT_OF_MEMORY,
    PLANTING,
    REPLAYING,
    WHOLE,
)
from registry_tool.sources.program import Program

if TYPE_CHECKING:
    from registry_tool.engine.testing.run_cases import CaseResult


def replay(program: Program) -> Object:
    """How a program's recorded tests went, as `Replayed` takes it."""
    from registry_tool.runtime.run_tests import SuiteOptions, test_program

    try:
        report = test_program(program, SuiteOptions())
    except RegistryError as error:
        return {"crash": str(error)}
    except (MemoryError, RecursionError) as error:
        return {"crash": f"the run was too large ({type(error).__name__})"}
    failed = [case for case in report.cases if not case.passed]
    return {
        "passed": len(report.cases) - len(failed),
        "failures": _reasons(case for case in failed if not case.unrecorded),
        "missing": _reasons(case for case in failed if case.unrecorded),
    }


def _reasons(cases: Iterable[CaseResult]) -> list[Value]:
    """What went wrong, behind the name of its test; each once."""
    return list(
        dict.fromkeys(f"{case.name}: {reason}" for case in cases for reason in case.reasons)
    )


def plant(program: Program) -> Object:
    """How a program's tests went with planted instructions, as `canary_report_from` takes it."""
    from registry_tool.runtime.canaries import plant as run

    try:
        return run(program).to_value()
    except (MemoryError, RecursionError) as error:
        return CanaryReport(untold=f"a run was too large ({type(error).__name__})").to_value()


def judge(request: JudgeRequest, send: Callable[[Object], None]) -> Iterator[Object]:
    """The answer to a request: what begins, version by version and rule by rule, and what was found."""
    from registry_tool.commands.review.judge_in_git import judge_in_git

    for name, version in request.versions:
        JUDGING.from_here()
        send({"version": f"{name}:{version}"})
        subject, found = judge_in_git(request, name, version, send)
        yield {"readable": subject is not None, "findings": [one.to_value() for one in found]}


def main() -> None:
    """Answer until standard input ends."""
    bounded = WHOLE.confine()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints is not an answer

    def send(value: Object) -> None:
        out.write(json.dumps(value) + "\n")
        out.flush()

    sys.excepthook = lambda _, error, __: _last_words(error, send)
    if AHEAD in sys.argv:
        import registry_tool.commands.review.judge_in_git  # noqa: F401 - while nobody waits for it
    if "replay" in sys.argv or AHEAD in sys.argv:
        _get_ready()
    while True:
        try:
            kind, what = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our parent
        except EOFError:
            return
        if kind == "judge":
            send({"bounded": bounded})
            for answer in judge(cast(JudgeRequest, what), send):
                send(answer)
            send(DONE)
            _get_ready()
        else:
            limits, do = (PLANTING, plant) if kind == "plant" else (REPLAYING, replay)
            limits.from_here()
            send({label: do(program) for label, program in cast(list[tuple[str, Program]], what)})
            send(DONE)


def _last_words(error: BaseException, send: Callable[[Object], None]) -> None:
    """What ended this process, for its parent: a limit, an error to report, or a bug."""
    if isinstance(error, MemoryError):
        os._exit(OUT_OF_MEMORY)
    if isinstance(error, RegistryError):
        send({"error": [error.reason, error.location, error.hint]})
    else:
        send({"bug": "".join(traceback.format_exception(error))})


def _get_ready() -> None:
    """Import what replaying takes while nobody waits for it."""
    import registry_tool.runtime.run_tests  # noqa: F401


if __name__ == "__main__":
    main()
