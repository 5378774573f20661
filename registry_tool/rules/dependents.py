"""Workflows that would take up this version by their ranges still pass their own recorded tests.

What failed before is reported, not as this version's fault; what can't be replayed, since a new prompt has no
recorded answer yet, is reported as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.rules.base import Dependent, Rule, Subject

_ROUTE = ("metadata", "version")


def _check(subject: Subject) -> Iterator[Problem]:
    for dependent in subject.context.dependents:
        if problem := _problem(subject, dependent):
            yield problem


def _problem(subject: Subject, dependent: Dependent) -> Problem | None:
    after, before = dependent.after, dependent.before
    if after is None or after.fine:
        return None
    who = f"{dependent.reference}, which takes {subject.workflow.name} {dependent.range},"
    if broken := (*after.failures, *((after.crash,) if after.crash else ())):
        if before is not None and (before.failures or before.crash):
            words = f"{who} fails its tests with this version, and failed before: {broken[0]}"
            return Problem(_ROUTE, words, "nothing to do here", Severity.INFO)
        words = f"{who} fails its tests with this version and did not before: {broken[0]}"
        help_ = "publish a major version, or agree with its owners; a maintainer decides"
        return Problem(_ROUTE, words, help_, Severity.HOLD)
    words = f"{who} asks for answers that are not recorded: {after.missing[0]}"
    return Problem(_ROUTE, words, "its owners record them anew", Severity.INFO)


RULE = Rule("dependents", "Who depends on it still passes.", _check)
