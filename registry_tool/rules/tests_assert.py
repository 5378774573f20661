"""A test asserts something that can fail."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.manifest.asserting import asserted, idle_assertions
from registry_tool.manifest.model import TestCase
from registry_tool.rules.base import Rule, Subject

_HELP = "say what it must give, with expected or assert (docs/tests.md)"


def _check(subject: Subject) -> Iterator[Problem]:
    for position, case in enumerate(subject.workflow.tests):
        route = ("spec", "tests", position)
        idle = list(idle_assertions(case, subject.workflow))
        for below, why in idle:
            yield Problem(
                (*route, *below),
                f"this can't fail in the test {case.name!r}: {why}",
                "ask for something that a wrong answer lacks, or leave it out",
                Severity.WARNING,
            )
        if not asserted(case, subject.workflow).anything:
            yield Problem(route, _words(case), _HELP, _severity(subject))


def _words(case: TestCase) -> str:
    if case.expected or case.assertions:
        return f"the test {case.name!r} asserts nothing: it passes whatever the workflow gives"
    return f"the test {case.name!r} asserts nothing: it has neither expected nor assert"


def _severity(subject: Subject) -> Severity:
    """What is published can't be changed any more, so it is only reported."""
    return Severity.ERROR if subject.is_addition else Severity.WARNING


RULE = Rule("tests-assert", "A test asserts something that can fail.", _check)
