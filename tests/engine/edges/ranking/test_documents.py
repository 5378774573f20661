"""Which blocks hold the documents, however a configuration names them."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.values import Object
from registry_tool.engine.edges.all_edges import config_of
from registry_tool.engine.edges.base import EdgeCall, EdgeError
from registry_tool.engine.edges.ranking.documents import (
    DocumentsConfig,
    block_ids,
    documents_to_search,
)
from registry_tool.manifest.model import Block, Edge


def read(config: Object) -> DocumentsConfig:
    found = config_of(Edge("e", "retrieve", ("q",), ("out",), {"query": "q", **config}))
    assert isinstance(found, DocumentsConfig)
    return found


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ([{"id": "a", "label": "A"}, {"id": "b"}], ["a", "b"]),
        ({"a": "A", "b": "B"}, ["a", "b"]),
        (["a", "b"], ["a", "b"]),
        ("a", ["a"]),
        ([{"a": "A"}, "b"], ["a", "b"]),
        ([{"index_item": {}}, {"id": ""}], []),
        ("", []),
        (None, []),
        ([], []),
    ],
)
def test_blocks_are_named_in_many_ways(value: Any, ids: list[str]) -> None:
    assert block_ids(value) == ids


INDEX: Object = {
    "collection_configs": {"collection_name": "c1", "vdb_type": "pinecone", "model": {"ada": {}}}
}


def test_the_model_that_the_threshold_was_chosen_with() -> None:
    there: Object = {"data_source": [{"id": "d"}, {"id": "e", "index_item": INDEX}]}
    assert read(there).chosen_with() == "ada"
    assert read({**there, "model": "own"}).chosen_with() == "own"
    assert read({"data_source": [{"id": "d", "index_item": {}}]}).chosen_with() == ""


def test_why_there_is_nothing_to_search() -> None:
    elsewhere = read({"data_source": [{"index_item": INDEX}]})
    assert "in the collection c1 of the editor's own pinecone database" in elsewhere.nothing()
    assert not elsewhere.named()
    assert read({"data_source": ["d"]}).nothing() == "there are no documents to search"
    assert read({"data_source": ["d"]}).named()


def found(config: Object, **inputs: Any) -> Any:
    sources = tuple(Block(name, "text", label=name.upper()) for name in inputs)
    call = EdgeCall(Edge("e", "retrieve", tuple(inputs), ("out",)), inputs, {}, sources)
    return documents_to_search(call, read(config), sources[0])


@pytest.mark.parametrize(
    ("config", "documents"),
    [
        ({}, ["one", "two", "three"]),
        ({"data_source": "e"}, ["three"]),
        ({"docs_id": {"d": "D"}}, ["one", "two"]),
        ({"doc_ids": ["E", "d"]}, ["three", "one", "two"]),
        ({"data_source": ["e"], "doc_ids": ["d"]}, ["three"]),
    ],
)
def test_documents_are_those_of_the_named_sources_else_of_all_but_the_query(
    config: Object, documents: list[str]
) -> None:
    assert found(config, q="?", d=["one", None, "two", ""], e="three") == documents


@pytest.mark.parametrize("field", ["data_source", "doc_ids"])
def test_a_block_that_is_no_source_is_reported_with_its_field(field: str) -> None:
    with pytest.raises(EdgeError, match="'ghost' is not a source") as error:
        found({field: ["ghost"]}, q="?")
    assert error.value.location == f"config.{field}"
