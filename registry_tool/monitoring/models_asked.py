"""Which models a workflow names, and which of them an environment really asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from registry_tool.core.values import Frozen, Value
from registry_tool.engine.edges.asking.settings import DEFAULT_MODEL
from registry_tool.manifest.destinations import destinations
from registry_tool.manifest.model import Workflow

OVERRIDES = ("llm_model", "embedding_model", "transcription_model", "judge_model")
NAMING_KEYS = frozenset({"model", *OVERRIDES})
_OWN_ANSWERS = frozenset({"local", "replay"})
_DEPTH = 12


def models_named(workflow: Workflow) -> Iterator[tuple[str, str]]:
    """(model, where) of every model that a manifest names, in its edges, blocks, environments and tests."""
    yield from _by_graph(workflow)
    for environment in workflow.environments:
        yield from _overrides(environment.overrides, f"environments.{environment.name}")
    for case in workflow.tests:
        for form in case.assertions:
            yield from _below(dict(form), f"tests.{case.name}")


def models_asked(workflow: Workflow, overrides: Frozen) -> Iterator[tuple[str, str]]:
    """(model, where) of those that are asked where an environment's overrides count.

    The embedded model answers whatever is asked for; a `llm_model` takes the place of those that edges name.
    """
    if overrides.get("provider") in _OWN_ANSWERS:
        return
    if not overrides.get("llm_model"):
        yield from _by_graph(workflow)
    yield from _overrides(overrides, "the environment")


def _by_graph(workflow: Workflow) -> Iterator[tuple[str, str]]:
    for block in workflow.blocks:
        if block.type == "llm":
            yield from _below({**block.metadata, **block.config}, f"blocks.{block.id}")
    for edge in workflow.edges:
        yield from _below(dict(edge.config), f"edges.{edge.id}")
        if "the environment's model" in destinations(workflow, edge):
            yield DEFAULT_MODEL, f"edges.{edge.id} (it names none)"


def _overrides(overrides: Mapping[str, Value], where: str) -> Iterator[tuple[str, str]]:
    for key in OVERRIDES:
        value = overrides.get(key)
        if isinstance(value, str) and value:
            yield value, f"{where}.{key}"


def _below(value: Value, where: str, depth: int = _DEPTH) -> Iterator[tuple[str, str]]:
    """Models at any depth of a configuration: a name, or {"maker/model": {}} as older editors wrote it."""
    if depth == 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _below(item, where, depth - 1)
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if key in NAMING_KEYS and isinstance(item, str) and item:
            yield item, where
        elif key in NAMING_KEYS and isinstance(item, dict) and len(item) == 1:
            yield next(iter(item)), where
        else:
            yield from _below(item, where, depth - 1)
