"""What a node of Dify does where it fails: another way, a value instead, another attempt."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.dify.control import FAILED, may_fail
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.references import ValueReference
from registry_tool.importers.dify.work import NodeStep, Work
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.project import NOTHING, EdgeEnds

_MOST_RETRIES: Final = 10
_HARD: Final = frozenset({"external"})


def prepared(node: Node, step: NodeStep) -> NodeStep:
    """The step with the attempts and the value instead that the node wants; what runs elsewhere as it is."""
    if step.type in _HARD:
        return step
    wanted = sub_object(node.data, "retry_config")
    count = wanted.get("max_retries")
    config = step.config
    if wanted.get("retry_enabled") is True and isinstance(count, int) and count > 0:
        config = {**config, "retries": min(count, _MOST_RETRIES)}
    strategy = text_of(node.data, "error_strategy")
    on_error = step.on_error
    if strategy == FAILED:
        on_error = "skip"
    elif strategy == "default-value":
        on_error = {"value": _instead(node, step)}
    return replace(step, config=config, on_error=on_error)


def _instead(node: Node, step: NodeStep) -> Value:
    """The edge's value of which each of the node's fields is its default."""
    defaults = node.data.get("default_value")
    whole: Value = {} if step.target == "structured" else ""
    for item in defaults if isinstance(defaults, list) else []:
        if not isinstance(item, dict):
            continue
        key, value = text_of(item, "key"), _typed(item)
        path = step.fields.get(key, (key,) if "" in step.fields else None)
        if path == ():
            whole = value
        elif path and isinstance(whole, dict):
            _put(whole, path, value)
    return whole


def _typed(item: Frozen) -> Value:
    """A default; lists, objects and numbers may be written as JSON."""
    value = item.get("value")
    if isinstance(value, str) and text_of(item, "type", "string") != "string":
        try:
            parsed: Value = json.loads(value)
        except (ValueError, RecursionError):
            return value
        return parsed
    return value


def _put(holder: Object, path: tuple[str, ...], value: Value) -> None:
    for step in path[:-1]:
        below = holder.setdefault(step, {})
        if not isinstance(below, dict):
            return
        holder = below
    holder[path[-1]] = value


def failing_way(node: Node, work: Work, name: str) -> None:
    """The gate of the way that a node leads where it fails: its value `name` isn't there."""
    if not may_fail(node):
        return
    project = work.project
    failed = project.new_id(f"{node.title} failed", "failed")
    project.block(failed)
    edge = project.new_id(f"{node.title} way", node.type)
    nothing = project.nothing()
    is_missing: Object = {
        "block": name,
        "condition": "is",
        "parameters": {"value": None},
        "operation": "/",
    }
    cases: Object = {
        "failed": {"conditions": [is_missing], "thens": [{"from": nothing, "to": failed}]}
    }
    ends = EdgeEnds([name, nothing], [failed], work.when(node) or [NOTHING])
    project.edge(edge, "branch", ends, {"cases": cases})
    project.by_chance([failed, name])
    work.gates[node.id, FAILED] = failed
    for field in ("error_message", "error_type"):
        work.outputs[node.id].setdefault(field, _said(work))


def _said(work: Work) -> ValueReference:
    if "failed" not in work.constants:
        block = work.project.new_id("failure-text")
        work.project.block(block, value="it failed")
        work.constants["failed"] = block
    return ValueReference(work.constants["failed"])
