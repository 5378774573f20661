"""One version's tests on it and on the version before it, in pairs, on a model that is really asked.

Services other than models answer as recorded, as for drift. Both versions share one budget; a pair that it cuts
short isn't counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from registry_tool.core.files import canonical_json
from registry_tool.core.values import Value
from registry_tool.engine.providers.cassettes.cassette import Cassette, ServiceRecording
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.engine.testing.paired import TestPair
from registry_tool.engine.testing.run_cases import CaseResult
from registry_tool.manifest.model import Environment, TestCase
from registry_tool.runtime.live_tests import LiveTestResult, run_live
from registry_tool.sources.program import Program
from registry_tool.store import paths


@dataclass(frozen=True)
class PairedOptions:
    """Who is asked, how often each test is run, what it may take, and a program's environment for a test."""

    provider: str
    budget: Budget
    runs: int = 1
    environment: Callable[[Program, TestCase], Environment] = lambda _, __: Environment("")


@dataclass(frozen=True)
class PairedRuns:
    """The pairs; tests that can't be compared and why; models that answered for others; why it ended early."""

    pairs: tuple[TestPair, ...] = ()
    left_out: tuple[str, ...] = ()
    stand_ins: tuple[tuple[str, str], ...] = ()
    ended: str = ""


def run_paired(base: Program, new: Program, how: PairedOptions) -> PairedRuns:
    """Each of the new version's tests on both, one after the other, repeat by repeat."""
    pairs: list[TestPair] = []
    left_out: dict[str, str] = {}
    stand_ins: dict[tuple[str, str], None] = {}
    services = {**new.cassette().services, **base.cassette().services}
    for repeat in range(how.runs):
        for case in new.workflow.tests:
            if case.name in left_out:
                continue
            sides = [_live(side, case, repeat, services, how) for side in (base, new)]
            if ended := _ended(sides, how.budget):
                return PairedRuns(tuple(pairs), _words(left_out), tuple(stand_ins), ended)
            before, after = (side.cases[0] for side in sides)
            if reason := _unlike(before) or _unlike(after):
                left_out[case.name] = reason
                continue
            stand_ins |= dict.fromkeys((*before.stand_ins, *after.stand_ins))
            passed = before.passed, after.passed
            pairs.append(TestPair(case.name, *passed, _answers(sides), _asked(case)))
    return PairedRuns(tuple(pairs), _words(left_out), tuple(stand_ins))


def _live(
    program: Program,
    case: TestCase,
    repeat: int,
    services: dict[str, ServiceRecording],
    how: PairedOptions,
) -> LiveTestResult:
    """One test, once."""
    recorded = Cassette(services=services)
    alone = replace(
        program,
        workflow=replace(program.workflow, tests=(replace(case, runs=1, pass_rate=1.0),)),
        files={**program.files, paths.CASSETTES: recorded.to_bytes()},
    )
    environment = how.environment(program, case)
    return run_live(alone, environment, how.provider, how.budget, repeat=repeat)


def _ended(sides: list[LiveTestResult], budget: Budget) -> str:
    if budget.reached:
        return "the budget is spent"
    return next((side.trouble for side in sides if side.trouble), "")


def _unlike(case: CaseResult) -> str:
    """Why a test says nothing of a version: it doesn't take its inputs, or asks services what nobody recorded."""
    if case.started is None:
        return (case.reasons or ("it can't be run",))[0]
    return case.reasons[0] if case.unrecorded else ""


def _words(left_out: dict[str, str]) -> tuple[str, ...]:
    return tuple(f"{name}: {reason}" for name, reason in left_out.items())


def _asked(case: TestCase) -> str:
    """What a test gives its workflow, as one hash."""
    given: Value = [dict(case.inputs), case.environment]
    return hashlib.sha256(canonical_json(given)).hexdigest()


def _answers(sides: list[LiveTestResult]) -> str:
    """What models said on both sides, as one hash."""
    told: Value = [[one.answer.text for one in side.answers.ordered()] for side in sides]
    return hashlib.sha256(canonical_json(told)).hexdigest()
