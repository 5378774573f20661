"""One case of each outcome, with a hostile name, an answer written by hand and a model that stood in."""

from __future__ import annotations

from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.testing.run_cases import CaseResult
from registry_tool.engine.testing.suite_report import TestReport

HOSTILE = "broken\x00</td><script>alert(1)</script>\u202e"
CASES = (
    CaseResult(
        "fine",
        Outcome.PASSED,
        1,
        1,
        0.1,
        metrics={"tone": 0.5},
        durations=(0.1,),
        usage=Usage(10, 5, 1, 0.002),
        by_hand=("classify",),
    ),
    CaseResult(
        HOSTILE,
        Outcome.FAILED,
        3,
        1,
        0.5,
        ("a is 1, not 2", "a is 1, not 2"),
        durations=(0.1, 0.1, 0.3),
        stand_ins=(("tiny", "gpt-4"),),
    ),
    CaseResult("odd", Outcome.ERROR, reasons=("no answer",)),
    CaseResult("few", Outcome.INCONCLUSIVE, 4, 3),
)
REPORT = TestReport("hello:1.0.0", CASES)


def on_model(name: str, *cases: CaseResult) -> TestReport:
    return TestReport("hello:1.0.0", cases or CASES, model=name, instead_of=("gpt-4",))
