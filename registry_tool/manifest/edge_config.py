"""Configurations of edges, `llm` blocks and environments against their JSON Schemas.

The schemas are `schema/edges/<type>.schema.json` and `schema/blocks/llm.schema.json`. An edge's configuration is
checked as the engine reads it: the fields of the editor's `extra_configs` over those that stand directly in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import cast

from registry_tool.core.finding import FindingsError, Problem, Severity
from registry_tool.core.suggest import nearest
from registry_tool.core.values import Frozen, Object, Route
from registry_tool.manifest.config_errors import (
    EXTRA,
    MOST_PROBLEMS,
    ConfigErrors,
    shortened,
)
from registry_tool.manifest.model import Environment, Workflow
from registry_tool.manifest.positions import Document, locate
from registry_tool.manifest.schemas import (
    EDGE_TYPES,
    MANIFEST_SCHEMA,
    MODEL_BLOCK_SCHEMA,
    all_errors,
    edge_schema_file,
    schema_object,
)

RULE_ID = "edge-config"
NESTING = frozenset({"map", "loop"})
"""What a `map` can't hold as its inner edge."""


@cache
def edge_schema(type_: str) -> Frozen:
    """The JSON Schema of an edge type's `config`."""
    return schema_object(edge_schema_file(type_))


def settings(config: Frozen) -> Frozen:
    """A configuration as the engine reads it: the fields of `extra_configs` over the direct ones."""
    extra = config.get(EXTRA)
    if not isinstance(extra, dict):
        return config
    return {**{key: value for key, value in config.items() if key != EXTRA}, **extra}


def unusable(type_: str, config: Frozen) -> Problem | None:
    """Why no edge of a type can be run with a configuration (as `settings` gives it), each of its keys for itself.

    A key that the schema doesn't know, or not beside the others, has no effect: that is for who checks a manifest.
    """
    file = edge_schema_file(type_)
    errors = [error for error in all_errors(dict(config), file) if error.validator not in _IDLE]
    found = ConfigErrors(f"an edge of type {type_}", edge_schema(type_), ()).problems(errors)
    return next((problem for problem in found if problem.severity is Severity.ERROR), None)


_IDLE = frozenset({"additionalProperties", "not"})
"""Keywords that refuse a key as such."""


def refuse_bad_configs(workflow: Workflow, document: Document) -> None:
    """`FindingsError` where an edge would not run as it is written: for manifests that no rule has judged."""
    found = locate(edge_config_problems(workflow), RULE_ID, document)
    if errors := [finding for finding in found if finding.severity is Severity.ERROR]:
        raise FindingsError(errors)


def edge_config_problems(workflow: Workflow) -> Iterator[Problem]:
    """What is wrong with the configurations of a workflow, each with its route in the manifest."""
    for position, block in enumerate(workflow.blocks):
        if block.type == "llm" and block.config:
            yield from _model_block(block.config, ("spec", "blocks", position, "config"))
    for environment in workflow.environments:
        yield from _environment(environment)
    for position, edge in enumerate(workflow.edges):
        yield from config_problems(edge.type, edge.config, ("spec", "edges", position, "config"))


def config_problems(type_: str, config: Frozen, route: Route = ()) -> Iterator[Problem]:
    """What is wrong with one edge's configuration at `route`, and with that of the edge inside a `map`."""
    if type_ not in EDGE_TYPES:
        return  # the manifest's own schema says so
    schema = edge_schema(type_)
    extra = config.get(EXTRA)
    merged = isinstance(extra, dict) and EXTRA in cast(Object, schema["properties"])
    if errors := all_errors(dict(settings(config) if merged else config), edge_schema_file(type_)):
        moved = frozenset(cast(Object, extra) if merged else ())
        yield from ConfigErrors(f"an edge of type {type_}", schema, route, moved).problems(errors)
    inner = config.get("edge")
    if type_ == "map" and isinstance(inner, dict) and inner.get("type") not in NESTING:
        below = inner.get("config") or {}
        if isinstance(below, dict):
            yield from config_problems(str(inner.get("type")), below, (*route, "edge", "config"))


def _environment(environment: Environment) -> Iterator[Problem]:
    """Overrides that nothing reads: one that is almost a known one is an error, the others are warnings."""
    known = [*_overrides(), "model"]
    strange = [
        key for key in environment.overrides if key not in known and not key.startswith("x-")
    ]
    for key in strange[:MOST_PROBLEMS]:
        near = nearest(key.lower(), known)
        yield Problem(
            ("spec", "runtime", "environments", environment.name, key),
            f"the key {shortened(key)!r} has no effect in an environment",
            f"{f'did you mean {near!r}? ' if near else ''}known: {', '.join(known)}; "
            "own keys start with x-, names for templates stand below variables",
            Severity.ERROR if near else Severity.WARNING,
            on_key=True,
        )


@cache
def _overrides() -> tuple[str, ...]:
    """The keys of an environment in the manifest's schema."""
    schema = cast(dict[str, dict[str, Object]], schema_object(MANIFEST_SCHEMA)["$defs"])
    environments = cast(Object, schema["runtime"]["properties"]["environments"])
    return tuple(cast(Object, cast(Object, environments["additionalProperties"])["properties"]))


def _model_block(config: Frozen, route: Route) -> Iterator[Problem]:
    if errors := all_errors(dict(config), MODEL_BLOCK_SCHEMA):
        schema = schema_object(MODEL_BLOCK_SCHEMA)
        yield from ConfigErrors("a block of type llm", schema, route).problems(errors)
