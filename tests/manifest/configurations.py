"""Configurations of branches, and what is told of one."""

from __future__ import annotations

from registry_tool.core.values import Object, Route, Value
from registry_tool.manifest.edge_config import (
    config_problems,
)

MOVE: Object = {"from": "a", "to": "b"}


ASKED: Object = {"block": "a", "condition": "is_empty"}


def problems_of(type_: str, config: Object) -> list[tuple[Route, str, str]]:
    """Route, message and help of every problem."""
    return [(p.route, p.message, p.help) for p in config_problems(type_, config)]


def branch(**more: Value) -> Object:
    return {"cases": {"one": {"conditions": [ASKED], "thens": [MOVE], **more}}}


def condition(**fields: Value) -> Object:
    return {"cases": {"one": {"conditions": [{"block": "a", **fields}], "thens": [MOVE]}}}
