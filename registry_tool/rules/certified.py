"""Nobody certifies their own workflow: `certified` is set by the registry."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    if subject.workflow.metadata.certified:
        yield Problem(
            ("metadata", "certified"), "only the registry certifies a workflow", "remove the line"
        )


RULE = Rule("certified", "Only the registry certifies.", _check)
