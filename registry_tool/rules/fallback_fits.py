"""What an edge gives where it fails (`on_error`) fits its targets; a loop only leads back and gives nothing."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.core.values import Frozen, Value
from registry_tool.manifest.graph import LOOP
from registry_tool.manifest.json_schema.misfit import misfit
from registry_tool.manifest.model import Edge
from registry_tool.manifest.written_answers import by_target
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    for position, edge in enumerate(subject.workflow.edges):
        if edge.on_error is None:
            continue
        route = ("spec", "edges", position, "on_error")
        if edge.type == LOOP:
            yield Problem(
                route,
                f"the loop edge {edge.id} says on_error, but computes nothing that could fail",
                "say it on the edges that the loop repeats",
            )
        elif edge.on_error.has_value and (wrong := _misfit(subject, edge, edge.on_error.value)):
            yield Problem(
                (*route, "value"),
                f"the value for a failure of the edge {edge.id} does not fit its target: {wrong}",
                "change the value, or the schema; on_error: skip gives none",
            )


def _misfit(subject: Subject, edge: Edge, value: Value) -> str | None:
    schemas = subject.values.schemas
    for target, given in by_target(edge, value).items():
        schema: Frozen = schemas.get(target) or {}
        try:
            wrong = misfit(given, schema)
        except ValueError:
            continue  # the rule `values-fit` says that the schema is invalid
        if wrong:
            return f"{target}: {wrong}"
    return None


RULE = Rule("fallback-fits", "What an edge gives where it fails fits its targets.", _check)
