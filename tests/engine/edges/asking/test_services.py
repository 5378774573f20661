"""An edge's query and documents, the services that it asks by name, and what is told of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from registry_tool.core.values import Value
from registry_tool.engine import events
from registry_tool.engine.edges.asking.services import (
    QueryConfig,
    documents_of,
    embedder_of,
    query_of,
    search_with,
    source_named,
)
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.providers.embeddings.metered import MeteredEmbedder
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.engine.providers.outbound import OutboundServices
from registry_tool.manifest.model import Block, Edge
from tests.engine.edges.searching import CATS, ScriptedSearch


def call(**inputs: Any) -> EdgeCall:
    """An edge whose sources have their id in capitals as label; `x` and `y` have each other's."""
    labels = {"x": "y", "y": "x"}
    sources = tuple(Block(n, "text", label=labels.get(n, n.upper())) for n in inputs)
    scope = {**inputs, **{source.label: inputs[source.id] for source in sources}}
    return EdgeCall(Edge("e", "search", tuple(inputs), ("out",)), inputs, scope, sources)


def test_an_id_goes_before_a_label() -> None:
    made = call(x=1, y=2, z=3)
    assert [source_named(made, name) and source_named(made, name).id for name in "xyzZ"] == [  # type: ignore[union-attr]
        *("x", "y", "z", "z")
    ]
    assert source_named(made, "ghost") is None
    assert source_named(EdgeCall(made.edge, {}, {}, (Block("a", "text"),)), "") is None


@pytest.mark.parametrize(
    ("config", "query"),
    [
        (QueryConfig(), "first"),
        (QueryConfig(query_id="b"), '["{{a}}"]'),
        (QueryConfig(query_id="B"), '["{{a}}"]'),
        (QueryConfig(query="b"), '["{{a}}"]'),
        (QueryConfig(query="{{a}}?", query_id="b"), "first?"),
        (QueryConfig(query="plain words"), "plain words"),
    ],
)
def test_a_query_is_a_source_or_a_template(config: QueryConfig, query: str) -> None:
    assert query_of(call(a="first", b=["{{a}}"]), config) == query


def test_a_query_that_is_no_source_is_reported() -> None:
    with pytest.raises(EdgeError, match="the query 'ghost' is not a source") as error:
        query_of(call(a="x"), QueryConfig(query_id="ghost"))
    assert error.value.location == "config.query_id"


def test_lists_are_spread_and_nulls_left_out() -> None:
    made = call(a=["x", ["y"]], b=None, c={"d": 1})
    assert documents_of(made, (), made.sources, "config.docs") == ["x", ["y"], {"d": 1}]
    assert documents_of(made, ["c", "A"], made.sources, "config.docs") == [{"d": 1}, "x", ["y"]]
    with pytest.raises(EdgeError, match="'ghost' is not a source") as error:
        documents_of(made, ["ghost"], made.sources, "config.docs")
    assert error.value.location == "config.docs"


class Listening:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.emitted: list[tuple[str, Any]] = []

    def __call__(self, name: str, payload: Any) -> None:
        self.emitted.append((name, payload))


def test_a_search_is_reported_with_how_much_it_found() -> None:
    heard = Listening()
    outbound = OutboundServices(web_search={"google": ScriptedSearch("google", CATS)})
    made = Services(outbound=outbound, emit=heard)
    found = asyncio.run(search_with(call(a="x"), made, "google", "cats", 3, {}))
    assert found == (CATS,)
    assert heard.emitted == [
        (events.SERVICE_CALLED, {"edge": "e", "service": "google", "results": 1})
    ]
    with pytest.raises(EdgeError, match="this run can't ask Perplexity: it has no search services"):
        asyncio.run(search_with(call(a="x"), made, "perplexity", "cats", 3, {}))
    with pytest.raises(EdgeError, match="can't ask altavista"):
        asyncio.run(search_with(call(a="x"), made, "altavista", "cats", 3, {}))


class Server:
    """An embedder that takes a token a text."""

    name = "server"

    async def embed_counted(self, texts: Sequence[str]) -> tuple[list[list[float]], Usage]:
        """One vector for all."""
        return [[1.0]] * len(texts), Usage(len(texts), 0, 1, None)


def test_what_a_server_of_vectors_took_is_reported_of_the_edge() -> None:
    heard = Listening()
    metered = MeteredEmbedder(Server(), lambda *_: 0.5, Budget())
    embedder = embedder_of(call(a="x"), Services(embedder=metered, emit=heard))
    assert embedder is not None
    asyncio.run(embedder.embed(["one", "two"]))
    ((name, payload),) = heard.emitted
    assert (name, payload["edge"], payload["service"]) == (events.SERVICE_CALLED, "e", "server")
    usage: Value = payload["usage"]
    assert usage == {"input_tokens": 2, "output_tokens": 0, "calls": 1, "cost_usd": 0.5}
    assert embedder_of(call(a="x"), Services()) is None
