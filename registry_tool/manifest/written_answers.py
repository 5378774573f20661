"""Answers in a test that are written by hand (`tests[].answers`): for which edges, and what each target gets.

An answer stands for what the edge gives, as its targets hold it. Only edges that ask somebody may have one: what
an edge computes itself, a test has to let it compute.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.manifest.destinations import asks_model, destinations, embeds, parts
from registry_tool.manifest.json_schema.misfit import misfit
from registry_tool.manifest.model import Edge, Workflow
from registry_tool.manifest.requested import requested_schema

_ALWAYS_ASKING: Final = frozenset({"http", "workflow"})
_TELLING: Final = frozenset({"llm", "generate"})


def asks_somebody(workflow: Workflow, edge: Edge) -> bool:
    """Whether an edge asks a model, a service, a host or another workflow, so that its answers are recorded."""
    kinds = list(parts(edge))
    own = any(kind in _ALWAYS_ASKING or embeds(kind, config) for kind, config in kinds)
    return own or bool(destinations(workflow, edge))


def asks_for_words(edge: Edge) -> bool:
    """Whether an edge asks a model for words."""
    return any(asks_model(kind, config) for kind, config in parts(edge))


def by_target(edge: Edge, value: Value) -> dict[str, Value]:
    """What each target gets: all of them the value, but of an object with just the targets' ids each its own."""
    several = len(edge.targets) > 1 and isinstance(value, dict)
    if several and isinstance(value, dict) and set(value) == set(edge.targets):
        return dict(value)
    return dict.fromkeys(edge.targets, value)


def unfit_answer(
    edge: Edge, value: Value, schemas: Mapping[str, Frozen], *, looped: bool
) -> str | None:
    """Why an edge could not have given this; None where it could.

    `schemas` are those of the targets; with `looped` the answer is the list of what the edge gives for each item.
    `ValueError` where one of them is not JSON Schema.
    """
    requested = requested_schema(edge.config) if edge.type in _TELLING else None
    for target, given in by_target(edge, value).items():
        schema = schemas.get(target) or {}
        if wrong := misfit(given, schema):
            return wrong
        if requested and (wrong := misfit(given, _of_items(requested) if looped else requested)):
            return wrong
        if edge.type in _TELLING and requested is None and not schema and not _texts(given, looped):
            return "nothing asks the model for JSON, so it gives a text"
    return None


def _of_items(schema: Frozen) -> Object:
    return {"type": "array", "items": dict(schema)}


def _texts(value: Value, looped: bool) -> bool:
    if looped and isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str)
