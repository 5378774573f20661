"""The process in which a stranger's tests are replayed: bounded memory, time and files, no secrets, no network.

Reads a pickled list of (label, Program) from standard input (its parent is trusted), writes JSON (it is not).
"""

from __future__ import annotations

import json
import pickle
import sys

from registry_tool.commands.program import Program
from registry_tool.commands.test_program import HowToTest, test_program
from registry_tool.core.children import Limits
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.engine.providers.replay import NOT_RECORDED

LIMITS = Limits(cpu_seconds=120, data_bytes=2 * 2**30, file_bytes=64 * 2**20)


def replay(program: Program) -> Object:
    """How a program's recorded tests went, as `Replayed` takes it."""
    try:
        report = test_program(program, HowToTest())
    except RegistryError as error:
        return {"crash": str(error)}
    except (MemoryError, RecursionError) as error:
        return {"crash": f"the run was too large ({type(error).__name__})"}
    reasons = [
        f"{case.name}: {r}" for case in report.cases if not case.passed for r in case.reasons
    ]
    reasons = list(dict.fromkeys(reasons))
    return {
        "passed": sum(case.passed for case in report.cases),
        "failures": [reason for reason in reasons if NOT_RECORDED not in reason],
        "missing": [reason for reason in reasons if NOT_RECORDED in reason],
    }


def main() -> None:
    """Replay what stands in standard input."""
    LIMITS.confine()
    programs: list[tuple[str, Program]] = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our parent
    json.dump({label: replay(program) for label, program in programs}, sys.stdout)


if __name__ == "__main__":
    main()
