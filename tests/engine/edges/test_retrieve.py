"""`retrieve` in the real index; most tests with an embedder whose meanings are counted letters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import Services
from registry_tool.engine.events import SERVICE_CALLED, Event
from registry_tool.engine.providers.embeddings.local import LocalEmbedder
from registry_tool.engine.providers.embeddings.metered import MeteredEmbedder
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.engine.providers.models.weights import EMBEDDING
from registry_tool.engine.room import Room
from tests.engine.small import go, workflow

SPEC = """
  blocks: [{ id: question, type: text }, { id: docs, type: structured }, { id: found, type: structured }]
  edges: [{ id: find, source: [docs, question], target: found, type: retrieve, config: CONFIG }]
  interface:
    inputs: [{ name: question, required: true }, { name: docs }]
    outputs: [{ name: found }]
"""
DOCS: Value = ["aaa", "aab", "bbb"]


class Letters:
    """An embedder: how often a, b and c occur."""

    name = "letters"

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += texts
        counts = [[text.count(letter) + 0.001 for letter in "abc"] for text in texts]
        return [[n / math.hypot(*row) for n in row] for row in counts]


class Counted(Letters):
    """The same at a server that takes a token a text."""

    async def embed_counted(self, texts: Sequence[str]) -> tuple[list[list[float]], Usage]:
        return await self.embed(texts), Usage(len(texts), 0, 1, None)


def retrieve(
    config: Object, question: str = "a", docs: Value = DOCS, embedder: Any = None, **more: Any
) -> Any:
    import json

    given: Object = {"query_id": "question", **config}
    services = Services(embedder=embedder or Letters(), **more)
    flow = workflow(SPEC.replace("CONFIG", json.dumps(given)))
    result = go(flow, {"question": question, "docs": docs}, services=services)
    return result.error or result.outputs["found"]


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"top_k": 2}, ["aaa", "aab"]),
        ({"threshold": 0.8}, ["aaa", "aab"]),
        ({"threshold": 0.8, "model": "letters"}, ["aaa", "aab"]),
        ({"threshold": 0.8, "model": "text-embedding-ada-002", "top_k": 3}, ["aaa", "aab", "bbb"]),
        ({"query": "b", "query_id": None, "top_k": 1}, ["bbb"]),
        ({"extra_configs": {"top_k": 1}, "doc_ids": ["docs"]}, ["aaa"]),
        ({"docs_id": {"docs": "docs"}, "top_k": 1}, ["aaa"]),
        ({"data_source": [{"id": "docs", "index_item": {}}], "top_k": 1}, ["aaa"]),
    ],
)
def test_the_nearest_come_first(config: Object, found: list[str]) -> None:
    if "query" in config:
        config = {**config, "query_id": "question"}
    assert retrieve(config) == found


def test_objects_are_found_by_their_text() -> None:
    docs: Value = [
        {"content": "bbb", "page": 1},
        {"metadata": {"retrieval_content": "aaa", "id": "x"}, "content": "ccc"},
    ]
    assert retrieve({"top_k": 1}, "b", docs) == [{"content": "bbb", "page": 1}]
    assert retrieve({"top_k": 1}, "a", docs) == ["aaa"]


def test_a_collection_stays_and_is_embedded_once(tmp_path: Path) -> None:
    config: Object = {"collection": "faq", "top_k": 1}
    first, second = Letters(), Letters()
    assert retrieve(config, embedder=first, workspace=tmp_path) == ["aaa"]
    assert retrieve(config, "b", None, embedder=second, workspace=tmp_path) == ["bbb"]
    assert (len(first.asked), second.asked) == (4, ["b"])
    other = {**config, "collection": "other"}
    assert retrieve(other, "b", None, workspace=tmp_path) == []


def test_what_a_collection_keeps_counts_as_saved(tmp_path: Path) -> None:
    docs: Value = [{"content": "aaa", "rest": "x" * 2**20}]
    room = Room(bytes=2**20)
    result = retrieve({"collection": "faq"}, "a", docs, workspace=tmp_path, room=room)
    assert "saves at most 256 MiB" in result
    assert retrieve({"collection": "faq"}, "a", None, workspace=tmp_path, room=room) == []
    assert (tmp_path / "collections.sqlite").stat().st_size < 2**20
    room = Room(bytes=4 * 2**20)
    for _ in range(2):  # what is there is not counted again
        assert retrieve({"collection": "faq"}, "a", docs, workspace=tmp_path, room=room) == docs
    assert retrieve({"top_k": 1}, "a", docs, room=Room(bytes=0)) == docs  # in memory


@pytest.mark.parametrize(
    ("config", "docs", "expected"),
    [
        ({}, [], "there are no documents to search"),
        ({"collection": "../x"}, DOCS, "1 to 64 letters, digits, . _ -"),
        ({"collection": "x"}, DOCS, "needs a workspace"),
        ({"top_k": 0}, DOCS, "config.top_k: must be at least 1, not 0"),
        ({"doc_ids": ["nothing"]}, DOCS, "'nothing' is not a source"),
        (
            {
                "data_source": [
                    {
                        "id": "docs",
                        "index_item": {
                            "collection_configs": {"collection_name": "c1", "vdb_type": "pinecone"}
                        },
                    }
                ]
            },
            None,
            "the collection c1 of the editor's own pinecone database",
        ),
    ],
)
def test_what_goes_wrong_is_reported(config: Object, docs: Value, expected: str) -> None:
    assert expected in retrieve(config, docs=docs)


def test_without_an_embedder_the_way_out_is_reported() -> None:
    flow = workflow(SPEC.replace("CONFIG", "{ query_id: question }"))
    result = go(flow, {"question": "a", "docs": DOCS}, services=Services())
    assert "puppy-cli models install" in result.error


@pytest.mark.skipif(EMBEDDING.find() is None, reason="the embedding model is not installed")
def test_the_embedded_model_finds_by_meaning() -> None:
    docs: Value = ["The cat sleeps on the sofa.", "Stocks fell sharply.", "Bread is baked at dawn."]
    assert retrieve({"top_k": 1}, "a pet is resting", docs, LocalEmbedder()) == [docs[0]]  # type: ignore[index]
    assert retrieve({"top_k": 1}, "news of the market", docs, LocalEmbedder()) == [docs[1]]  # type: ignore[index]


def test_what_a_server_took_counts_in_the_run() -> None:
    embedder = MeteredEmbedder(Counted(), lambda *_: 0.5, Budget(max_tokens=1000))
    flow = workflow(SPEC.replace("CONFIG", "{ query_id: question }"))
    given: dict[str, Value] = {"question": "a", "docs": DOCS}
    events: list[Event] = []
    result = go(flow, given, services=Services(embedder=embedder), listeners=(events.append,))
    assert (result.usage.input_tokens, result.usage.calls, result.usage.cost_usd) == (4, 2, 1.0)
    usages = [
        event.metadata["usage"]
        for event in events
        if event.name == SERVICE_CALLED and "usage" in event.metadata
    ]
    assert [usage["input_tokens"] for usage in usages] == [3, 1]  # type: ignore[index,call-overload]


def test_beyond_a_cap_no_server_is_asked() -> None:
    inner = Counted()
    embedder = MeteredEmbedder(inner, lambda *_: 0.5, Budget(max_tokens=10))
    assert "the cap of 10 tokens would be passed" in retrieve({}, embedder=embedder)
    assert inner.asked == []
