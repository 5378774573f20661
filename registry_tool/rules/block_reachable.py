"""Every block takes part: it feeds an edge or is fed by one."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    positions = {block.id: index for index, block in enumerate(subject.workflow.blocks)}
    imported = "x-imported" in subject.workflow.extensions.get("spec", {})  # type: ignore[operator]
    bound = {*subject.binding.inputs.values(), *subject.binding.outputs.values()}
    for block in subject.graph.unreachable:
        if block not in bound:
            yield Problem(
                ("spec", "blocks", positions[block], "id"),
                f"the block {block!r} feeds no edge and is fed by none",
                "connect it or remove it",
                Severity.WARNING if imported else Severity.ERROR,
            )


RULE = Rule("block-reachable", "Every block feeds an edge or is fed by one.", _check)
