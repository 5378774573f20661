"""What a branch, a loop or a map asks of a value is possible for a value of its type."""

from __future__ import annotations

import json
from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Frozen, Route, Value
from registry_tool.manifest.json_schema.misfit import misfit
from registry_tool.manifest.value_schemas import (
    ANYTHING,
    KnownSchema,
    StepResult,
    ValueSchemas,
    step_into,
)
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.configurations import Configuration, conditions_of, configurations, named

_LISTS = frozenset({"array", "object"})
_COUNTED = _LISTS | {"number", "integer"}
# The types of which a condition can be true.
_NEEDS: dict[str, tuple[frozenset[str], str]] = {
    "greater_than_n_chars": (
        frozenset({"string"}),
        "greater_than_n compares numbers and lengths of lists",
    ),
    "less_than_n_chars": (
        frozenset({"string"}),
        "less_than_n compares numbers and lengths of lists",
    ),
    "greater_than_n": (_COUNTED, "greater_than_n_chars compares the length of a text"),
    "less_than_n": (_COUNTED, "less_than_n_chars compares the length of a text"),
    "above": (
        frozenset({"number", "integer"}),
        "greater_than_n compares the length of a list, greater_than_n_chars of a text",
    ),
    "below": (
        frozenset({"number", "integer"}),
        "less_than_n compares the length of a list, less_than_n_chars of a text",
    ),
    "is_list": (frozenset({"array"}), "fix the condition, or the schema"),
    "is_dict": (frozenset({"object"}), "fix the condition, or the schema"),
}


def _check(subject: Subject) -> Iterator[Problem]:
    for found in configurations(subject.workflow):
        for condition, route in conditions_of(found):
            yield from _condition(subject.values, found, condition, route)
        if found.type == "map":
            yield from _over(subject, found)


def _over(subject: Subject, found: Configuration) -> Iterator[Problem]:
    over = found.config.get("over") or (found.sources[0].id if found.sources else "")
    if over not in found.edge.sources or over not in subject.workflow.block_by_id:
        return
    types = subject.values.seen_by(found.edge, str(over)).types
    if not types & _LISTS:
        yield Problem(
            (*found.route, "over"),
            f"the map goes over {over!r}, which is of type {_named(types)}",
            "go over a block that holds a list or an object",
        )


def _condition(
    values: ValueSchemas, found: Configuration, condition: Frozen, route: Route
) -> Iterator[Problem]:
    block = named(found.sources, condition.get("block"))
    if block is None:
        return
    path = condition.get("path")
    known = _at(values.seen_by(found.edge, block.id), str(path).split(".") if path else [])
    name, shown = str(condition.get("condition")), f"{block.id}.{path}" if path else block.id
    needs, help_ = _NEEDS.get(name, (known.types, ""))
    if not known.types & needs:
        yield Problem(
            (*route, "condition"),
            f"the condition {name} is never true of {shown}, which is of type {_named(known.types)}",
            help_,
        )
    parameters = condition.get("parameters")
    if name in {"is", "is_not"} and isinstance(parameters, dict) and "value" in parameters:
        yield from _equal(known, parameters["value"], (*route, "parameters", "value"), shown)


def _at(known: KnownSchema, path: list[str]) -> KnownSchema:
    for step in path:
        went, known = step_into(known, step)
        if went is not StepResult.FITS:
            return ANYTHING  # the rule `value-paths` tells
    return known


def _equal(known: KnownSchema, value: Value, route: Route, shown: str) -> Iterator[Problem]:
    if known.opaque or not known.schema:
        return
    try:
        wrong = misfit(value, known.schema)
    except ValueError:
        return  # the rule `values-fit` says that the schema is invalid
    if wrong is not None:
        choices = known.schema.get("enum")
        texts = [str(choice) for choice in choices] if isinstance(choices, list) else []
        yield Problem(
            route,
            f"{shown} is never {json.dumps(value, ensure_ascii=False)[:60]}: {wrong}",
            did_you_mean(str(value), texts, "fix the value, or the schema"),
        )


def _named(types: frozenset[str]) -> str:
    return " or ".join(sorted(t for t in types if not (t == "integer" and "number" in types)))


RULE = Rule("types-fit", "Conditions and maps fit the types of what they look at.", _check)
