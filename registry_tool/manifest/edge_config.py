"""Configurations of edges, and of `llm` blocks, against the JSON Schemas of their types.

The schemas are `schema/edges/<type>.schema.json` and `schema/blocks/llm.schema.json`. An edge's configuration is
checked as the engine reads it: the fields of the editor's `extra_configs` over those that stand directly in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import cast

from registry_tool.core.finding import FindingsError, Problem, Severity
from registry_tool.core.values import Frozen, Object, Route
from registry_tool.manifest.config_errors import EXTRA, ConfigErrors
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.positions import Document, locate
from registry_tool.manifest.schemas import (
    EDGE_TYPES,
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


def _model_block(config: Frozen, route: Route) -> Iterator[Problem]:
    if errors := all_errors(dict(config), MODEL_BLOCK_SCHEMA):
        schema = schema_object(MODEL_BLOCK_SCHEMA)
        yield from ConfigErrors("a block of type llm", schema, route).problems(errors)
