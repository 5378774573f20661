"""Where schemas stand in a manifest, and what is wrong with them before anything validates with one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, cast

from registry_tool.core.finding import Problem
from registry_tool.core.values import Object, Route, Value
from registry_tool.manifest.json_schema.bounds import Parts, form_problems, parts_of
from registry_tool.manifest.json_schema.cost import (
    DEPTH_OF_VALUES,
    MOST_STEPS,
    SHALLOW,
    ChainError,
    CircularError,
    SchemaCost,
)

MOST_STEPS_OF_ALL: Final = 500_000
_CHEAPER = "name each schema once, take branches out of one another, or tell branches apart by `if`"
_KEYS = frozenset(
    {"schema", "json_schema", "structured_output", "input_schema", "inputSchema", "parameters"}
)
_WRAPPED = ("schema", "json_schema")
_DATA = frozenset({"value", "default", "enum", "examples", "expected", "answers"})
"""What a manifest holds as values: nothing in them is a schema."""
_AS_TEXT = "(as text)"  # ends the route of a schema that stands in a text
_ON_JSON = frozenset({"is-json", "contains-json"})
_ON_CALLS = frozenset(
    {"is-valid-function-call", "is-valid-openai-function-call", "is-valid-openai-tools-call"}
)


def schema_findings(manifest: Value) -> Iterator[Problem]:
    """Every problem of every schema in a manifest, with its route."""
    total = 0
    for route, schema in schemas_in(manifest):
        parts = parts_of(schema)
        wrong = list(form_problems(parts)) or list(_cost_problems(parts))
        yield from (_below(route, problem) for problem in wrong)
        total += 0 if wrong else steps_of(parts)
    if total > MOST_STEPS_OF_ALL:
        message = f"the manifest's schemas together take {total} steps a value, more than {MOST_STEPS_OF_ALL}"
        yield Problem(("spec",), message, _CHEAPER)


def _below(route: Route, problem: Problem) -> Problem:
    """The problem at its place in the manifest; of a schema that is written as text, at that text."""
    if route[-1:] == (_AS_TEXT,):
        return replace(problem, route=route[:-1])
    return replace(problem, route=(*route, *problem.route))


def steps_of(parts: Parts) -> int:
    """What a schema costs for values of any depth, or for shallow ones where it refers to itself."""
    cost = SchemaCost(parts)
    return cost.steps(SHALLOW if cost.recursive else DEPTH_OF_VALUES)


def _cost_problems(parts: Parts) -> Iterator[Problem]:
    try:
        steps = steps_of(parts)
    except (CircularError, ChainError) as error:
        yield Problem(parts[error.key].route, str(error), _CHEAPER)
        return
    if steps > MOST_STEPS:
        message = f"the schema's branches multiply to {steps} steps a value, more than {MOST_STEPS}"
        yield Problem((), message, _CHEAPER)


def schemas_in(value: Value, route: Route = ()) -> Iterator[tuple[Route, Value]]:
    """(route, schema) of every schema in a manifest: of blocks, ports, edges, tools and assertions."""
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield from schemas_in(item, (*route, position))
    elif isinstance(value, dict):
        yield from _of_assertion(value, route)
        for key, item in value.items():
            below = (*route, key)
            if key in _KEYS and isinstance(item, dict) and _may_be(key, below):
                yield from _of_key(item, below)
            elif key not in _DATA and not (key == "inputs" and isinstance(item, dict)):
                yield from schemas_in(item, below)


def _may_be(key: str, route: Route) -> bool:
    """`parameters` are a schema only of a tool; a condition has some, too."""
    return key != "parameters" or "tools" in route


def _of_key(item: Object, route: Route) -> Iterator[tuple[Route, Value]]:
    """A schema, or what wraps one: `{name, schema: {…}}`, `{json_schema: {schema: {…}}}`."""
    wrapped = [key for key in _WRAPPED if isinstance(item.get(key), dict)]
    if not wrapped:
        yield route, item
    for key in wrapped:
        yield from _of_key(cast(Object, item[key]), (*route, key))


def _of_assertion(item: Object, route: Route) -> Iterator[tuple[Route, Value]]:
    type_, value = str(item.get("type", "")).removeprefix("not-"), item.get("value")
    if type_ in _ON_JSON:
        yield from _written(value, (*route, "value"))
    elif type_ in _ON_CALLS:
        for position, tool in enumerate(value if isinstance(value, list) else [value]):
            at: Route = (
                (*route, "value", position) if isinstance(value, list) else (*route, "value")
            )
            inner = tool.get("function", tool) if isinstance(tool, dict) else None
            if isinstance(inner, dict) and isinstance(inner.get("parameters"), dict):
                yield (
                    (*at, *(("function",) if inner is not tool else ()), "parameters"),
                    inner["parameters"],
                )


def _written(value: Value, route: Route) -> Iterator[tuple[Route, Value]]:
    """A schema that is an object, or the text of one."""
    if isinstance(value, dict):
        yield route, value
    elif isinstance(value, str):
        try:
            yield (*route, _AS_TEXT), cast(Value, json.loads(value))
        except (ValueError, RecursionError):
            return  # the rule `assertions` says that it is invalid
