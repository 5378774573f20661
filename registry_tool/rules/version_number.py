"""The version is SemVer 2.0.0 and not one that its line already has in other bytes."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.manifest.names import bad_version
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    number = subject.workflow.version
    if reason := bad_version(number):
        yield Problem(("metadata", "version"), f"the version {number!r} {reason}")
        return
    core = number.split("+", 1)[0]
    for other in subject.surroundings.published:
        if other != number and other.split("+", 1)[0] == core:
            yield Problem(
                ("metadata", "version"),
                f"{number} and the published {other} have the same precedence",
                "raise the version; build metadata does not order versions",
            )


RULE = Rule("version", "The version is SemVer 2.0.0 and unique by precedence.", _check)
