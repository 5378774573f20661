"""One computation of an edge."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Value
from registry_tool.engine.edge_computer import EdgeComputer
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.settings import Callee, RunEnvironment, RunSettings
from registry_tool.manifest.model import Edge, Environment
from tests.engine.small import asking

EDGE = Edge("e", "modify", ("a",), ("b",), {"modify_type": "convert2text"})


def test_a_configuration_is_read_once_for_all_items() -> None:
    computer = EdgeComputer(RunSettings("x"), Services())
    assert computer.config_of(EDGE) is computer.config_of(EDGE)
    other = Edge("e", "load", ("a",), ("b",), EDGE.config)
    assert computer.config_of(other) is not computer.config_of(EDGE)
    found = [asyncio.run(computer.compute(EdgeCall(EDGE, {"a": [n]}, {}))) for n in range(2)]
    assert found == [{"b": "[0]"}, {"b": "[1]"}]


def test_what_a_target_s_schema_refuses_is_reported() -> None:
    computer = EdgeComputer(RunSettings("x"), Services())
    call = EdgeCall(EDGE, {"a": [1]}, {}, target_schemas={"b": {"type": "object"}})
    with pytest.raises(RegistryError, match="the block b does not fit its schema"):
        asyncio.run(computer.compute(call))


def test_a_type_that_is_not_there_is_reported() -> None:
    computer = EdgeComputer(RunSettings("x"), Services())
    with pytest.raises(EdgeError, match="can't run edges of type dance"):
        computer.config_of(Edge("e", "dance", ("a",), ("b",)))


class Remembering:
    """Keeps the keys that it is asked for, and answers all."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def get(self, key: str) -> dict[str, Value] | None:
        self.keys.append(key)
        return {"b": "x"}

    def put(self, key: str, results: Mapping[str, Value]) -> None:
        raise AssertionError("everything is known")


def callees(inner: str = "sha256:1") -> dict[str, Callee]:
    return {"c": Callee(asking(), digest="sha256:0"), "inner": Callee(asking(), digest=inner)}


CALL = Edge("e", "workflow", ("a",), ("b",), {"name": "c", "inputs": {}, "cache": True})


def test_a_called_workflows_result_is_remembered_with_all_that_makes_it() -> None:
    cache = Remembering()
    plain = RunSettings("x", callees=callees(), cache=cache)
    operators = Environment("", overlay={"llm_model": "m"})
    others = [
        plain,
        RunSettings("x", callees=callees("sha256:2"), cache=cache),  # another locked dependency
        RunSettings("x", callees=callees(), cache=cache, environment="production"),
        RunSettings("x", callees=callees(), cache=cache, run=RunEnvironment(operators)),
    ]
    for settings in (*others, plain):
        asyncio.run(EdgeComputer(settings, Services()).compute(EdgeCall(CALL, {"a": [1]}, {})))
    assert len(set(cache.keys)) == len(others)
    assert cache.keys[0] == cache.keys[-1]
