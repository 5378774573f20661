"""Paths into values lead to something that the values' schemas let be there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry_tool.core.finding import Problem, Severity
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Route, at
from registry_tool.manifest.json_path import Wildcard, parse_path
from registry_tool.manifest.model import Edge
from registry_tool.manifest.scope import PlaceholderUse, Scopes
from registry_tool.manifest.template import split
from registry_tool.manifest.value_schemas import (
    ANYTHING,
    KnownSchema,
    StepResult,
    ValueSchemas,
    item_of,
    properties_of,
    step_into,
)
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.configurations import Configuration, conditions_of, configurations, named

_CHANGING = frozenset({"get", "set_value", "get_keys", "get_values", "set_operation"})
_ROOT = ["*"]


def _check(subject: Subject) -> Iterator[Problem]:
    values = subject.values
    scopes = Scopes(subject.workflow)
    for position, edge in enumerate(subject.workflow.edges):
        for use in scopes.uses(edge):
            yield from _template(scopes, values, edge, use, position)
    for found in configurations(subject.workflow):
        yield from _conditions(values, found)
        if found.type == "modify":
            yield from _operations(values, found)
    yield from _assertions(subject)


def _template(
    scopes: Scopes, values: ValueSchemas, edge: Edge, use: PlaceholderUse, position: int
) -> Iterator[Problem]:
    parts = split(use.placeholder.text, scopes.names(edge))
    if use.referent is None or parts is None or not parts[1]:
        return
    known = _referred(values, edge, use)
    route: Route = ("spec", "edges", position, "config", *use.route)
    for wrong in _along(known, parts[1], parts[0], route):
        template = str(at(dict(edge.config), use.route))
        token = template[use.placeholder.start : use.placeholder.end]
        nth = template[: use.placeholder.start].count(token)
        yield Problem(
            route, f"{token}: {wrong.message}", wrong.help, wrong.severity, token=token, nth=nth
        )


def _referred(values: ValueSchemas, edge: Edge, use: PlaceholderUse) -> KnownSchema:
    if use.referent is None or use.referent.kind == "variable":
        return ANYTHING
    if use.referent.kind == "input":
        return values.input(use.referent.name)
    over = str(edge.config.get("over") or edge.sources[0]) if edge.type == "map" else ""
    if use.referent.kind == "item":
        return item_of(values.seen_by(edge, over)) if use.referent.name == "item" else ANYTHING
    known = values.seen_by(edge, use.referent.name)
    return item_of(known) if use.referent.name == over else known


def _along(
    known: KnownSchema, path: Sequence[str | int], name: str, route: Route
) -> Iterator[Problem]:
    """The first step of a path that leads nowhere; of one that nothing is said about, a warning."""
    here = name
    for step in path:
        went, below = step_into(known, step)
        if went is StepResult.FITS:
            known, here = below, f"{here}.{step}"
            continue
        names = properties_of(known.schema)
        if not names:
            kinds = " or ".join(sorted(known.types))
            help_ = "take a shorter path, or fix the schema"
            yield Problem(route, f"{here} is of type {kinds} and has no {step!r}", help_)
            return
        meant = did_you_mean(str(step), names)
        help_ = meant or f"it has {', '.join(names[:20])}"
        sure = went is StepResult.NOWHERE or bool(
            meant
        )  # so near a name that is known, it is meant
        severity = Severity.ERROR if sure else Severity.WARNING
        yield Problem(route, f"the schema of {here} has no {step!r}", help_, severity)
        return


def _conditions(values: ValueSchemas, found: Configuration) -> Iterator[Problem]:
    for condition, route in conditions_of(found):
        block = named(found.sources, condition.get("block"))
        path = condition.get("path")
        if block is not None and isinstance(path, str) and path:
            known = values.seen_by(found.edge, block.id)
            yield from _along(known, path.split("."), block.id, (*route, "path"))


def _operations(values: ValueSchemas, found: Configuration) -> Iterator[Problem]:
    """Paths of operations for as long as the content is what it was."""
    content = found.config.get("content")
    whole = str(content).strip().removeprefix("{{").removesuffix("}}").strip()
    block = found.sources[0] if content is None and found.sources else named(found.sources, whole)
    if block is None or found.inner or found.config.get("modify_type") != "edit_structured":
        return
    known = values.seen_by(found.edge, block.id)
    operations, route = found.option("operations")
    for position, operation in enumerate(operations if isinstance(operations, list) else []):
        params = operation.get("params") if isinstance(operation, dict) else None
        path = params.get("path") if isinstance(params, dict) else None
        kind = operation.get("type") if isinstance(operation, dict) else None
        if isinstance(path, list) and path != _ROOT and kind != "set_value":
            steps = [step for step in path if isinstance(step, str | int)]
            yield from _along(known, steps, block.id, (*route, position, "params", "path"))
        if kind in _CHANGING:
            return


def _assertions(subject: Subject) -> Iterator[Problem]:
    outputs = subject.binding.outputs
    for position, test in enumerate(subject.workflow.tests):
        for number, form in enumerate(test.assertions):
            name, path = form.get("output"), form.get("path")
            if not isinstance(path, str) or not isinstance(name, str) or name not in outputs:
                continue
            known = subject.values.block(outputs[name])
            if "string" not in known.types:  # a text is read as JSON
                route = ("spec", "tests", position, "assert", number, "path")
                yield from _along(known, _steps(path), name, route)


def _steps(path: str) -> list[str | int]:
    """The steps up to a wildcard; none of a path that the rule `assertions` refuses."""
    try:
        steps = parse_path(path)
    except ValueError:
        return []
    found: list[str | int] = []
    for step in steps:
        if isinstance(step, Wildcard):
            break
        found.append(step)
    return found


RULE = Rule("value-paths", "Paths into values lead somewhere.", _check)
