"""Test results for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.testing.run_cases import CaseResult
from registry_tool.report.tests.marks import marks, summed_marks
from registry_tool.report.text import inert

_WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "FAILED",
    Outcome.INCONCLUSIVE: "UNSURE",
    Outcome.ERROR: "ERROR ",
}


_COLOURS = {
    Outcome.PASSED: 32,
    Outcome.FAILED: 31,
    Outcome.INCONCLUSIVE: 33,
    Outcome.ERROR: 31,
}
"""Green, red, yellow (ECMA-48)."""


def text_of_tests(
    reference: str,
    cases: Sequence[CaseResult],
    stale: Sequence[str] = (),
    left_out: int = 0,
    *,
    colour: bool = False,
) -> str:
    """One line a case, its reasons below it, and a sum at the end with what else must be said of the answers."""
    lines = [line for case in cases for line in _case(case, colour)]
    if stale:
        lines.append(
            f"{len(stale)} recorded answers are no longer asked for; --refresh drops them."
        )
        lines += [f"        {inert(question)}" for question in stale]
    lines += [inert(mark) for mark in summed_marks(cases)]
    return "\n".join([*lines, f"{reference}: {sum_words(cases, left_out)}"])


def _case(case: CaseResult, colour: bool) -> Iterator[str]:
    word = _WORDS[case.outcome]
    if colour:
        word = f"\x1b[{_COLOURS[case.outcome]}m{word}\x1b[0m"
    yield f"{word}  {inert(case.name)}{rate_of(case)}  {case.seconds:.2f} s"
    yield from (f"        {inert(reason)}" for reason in dict.fromkeys(case.reasons))
    yield from (f"        {inert(mark)}" for mark in marks(case))
    yield from (f"        {inert(name)}: {score:.3f}" for name, score in case.metrics.items())


def rate_of(case: CaseResult) -> str:
    """` (3 of 4 runs; the true rate is 30% to 95%)`; nothing of a single run."""
    if case.runs == 1:
        return ""
    low, high = case.interval
    return f" ({case.passes} of {case.runs} runs; the true rate is {low:.0%} to {high:.0%})"


def sum_words(cases: Sequence[CaseResult], left_out: int = 0) -> str:
    """`3 passed, 1 failed, 2 not run`."""
    if not cases:
        return "there are no tests, so nothing was looked at; write one below `tests:`"
    count = Counter(case.outcome for case in cases)
    failed = count[Outcome.FAILED] + count[Outcome.ERROR]
    unsure = count[Outcome.INCONCLUSIVE]
    return (
        f"{count[Outcome.PASSED]} passed, {failed} failed"
        + (f", {unsure} inconclusive" if unsure else "")
        + (f", {left_out} not run" if left_out else "")
    )
