"""Every edge kind is found by its type, and its configuration is read by its own class."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.engine.edges.all_edges import ALL_EDGES, config_of, edge_kind
from registry_tool.engine.edges.base import EdgeError
from registry_tool.engine.edges.modify import ModifyConfig
from registry_tool.manifest.model import Edge
from registry_tool.manifest.schemas import EDGE_TYPES

ROOM = Path(__file__).parents[3] / "registry_tool/engine/edges"


@pytest.mark.parametrize("type_", ALL_EDGES)
def test_a_kind_is_found_by_its_type_in_a_file_of_its_name(type_: str) -> None:
    assert edge_kind(type_).type == type_
    assert (ROOM / f"{type_}.py").is_file()


def test_types_are_registered_once_and_in_order() -> None:
    types = list(ALL_EDGES)
    assert types == sorted(types)
    assert types == sorted(EDGE_TYPES)


def test_an_unknown_type_is_reported_with_what_there_is() -> None:
    with pytest.raises(EdgeError, match="can't run edges of type telepathy") as error:
        edge_kind("telepathy")
    assert all(type_ in error.value.hint for type_ in ALL_EDGES)


def test_a_configuration_is_read_as_its_kind_has_it() -> None:
    read = config_of(Edge("e", "modify", ("a",), ("b",), {"modify_type": "edit_text"}))
    assert isinstance(read, ModifyConfig)
    assert read.modify_type == "edit_text"
    with pytest.raises(EdgeError, match=r"config\.modify_type: must be one of copy"):
        config_of(Edge("e", "modify", ("a",), ("b",), {"modify_type": "nonsense"}))
