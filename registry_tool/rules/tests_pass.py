"""The version's own tests pass on its recorded answers."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.core.values import Route
from registry_tool.rules.base import Rule, Subject

_ROUTE = ("spec", "tests")
_MOST = 10


def _check(subject: Subject) -> Iterator[Problem]:
    replayed = subject.context.replayed
    if replayed is None:
        return
    if replayed.crash:
        yield Problem(
            _ROUTE, f"the tests could not be run: {replayed.crash}", "run `puppy-cli test`"
        )
    for reason in replayed.missing[:_MOST]:
        yield Problem(_case(subject, reason), reason, "record the answers: puppy-cli test --record")
    for reason in replayed.failures[:_MOST]:
        yield Problem(
            _case(subject, reason), reason, "see `puppy-cli test`, fix the workflow or the test"
        )


def _case(subject: Subject, reason: str) -> Route:
    """The test that a reason begins with."""
    for position, test in enumerate(subject.workflow.tests):
        if reason.startswith(f"{test.name}: "):
            return (*_ROUTE, position, "name")
    return _ROUTE


RULE = Rule("tests-pass", "The tests pass on recorded answers.", _check)
