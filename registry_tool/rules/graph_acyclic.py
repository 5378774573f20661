"""No cycle but through a `loop` edge."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    cycle = subject.graph.cycle
    if not cycle:
        return
    closing = next(
        position
        for position, edge in enumerate(subject.workflow.edges)
        if cycle[-1] in edge.targets and cycle[-2] in subject.graph.reads[edge.id]
    )
    yield Problem(
        ("spec", "edges", closing, "target"),
        f"the blocks {' → '.join(cycle)} wait for each other",
        "lead back with an edge of type loop, which is bounded",
    )


RULE = Rule("graph-acyclic", "No cycle but through a loop edge.", _check)
