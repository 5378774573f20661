"""One computation of an edge."""

from __future__ import annotations

import asyncio

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.engine.edge_computer import EdgeComputer
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.settings import RunSettings
from registry_tool.manifest.model import Edge

EDGE = Edge("e", "modify", ("a",), ("b",), {"modify_type": "convert2text"})


def test_a_configuration_is_read_once_for_all_items() -> None:
    computer = EdgeComputer(RunSettings("x"), Services())
    assert computer.config_of(EDGE) is computer.config_of(EDGE)
    other = Edge("e", "load", ("a",), ("b",), EDGE.config)
    assert computer.config_of(other) is not computer.config_of(EDGE)
    found = [asyncio.run(computer.compute(EdgeCall(EDGE, {"a": [n]}, {}))) for n in range(2)]
    assert found == [{"b": "[0]"}, {"b": "[1]"}]


def test_what_a_target_s_schema_refuses_is_told() -> None:
    computer = EdgeComputer(RunSettings("x"), Services())
    call = EdgeCall(EDGE, {"a": [1]}, {}, target_schemas={"b": {"type": "object"}})
    with pytest.raises(RegistryError, match="the block b does not fit its schema"):
        asyncio.run(computer.compute(call))


def test_a_type_that_is_not_there_is_told() -> None:
    computer = EdgeComputer(RunSettings("x"), Services())
    with pytest.raises(EdgeError, match="can't run edges of type dance"):
        computer.config_of(Edge("e", "dance", ("a",), ("b",)))
