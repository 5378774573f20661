"""`rerank` edges: by a model, a service, embeddings and fusion."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.providers.all_services import rerankers
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.outbound import OutboundServices
from tests.engine.edges.called import call
from tests.engine.loopback import Answer, loopback
from tests.engine.small import ScriptedModel

DOCUMENTS: Value = ["I am a developer", {"content": "I am Jack", "score": 0.1}, "Hello"]


def rerank(kind: str, services: Services | None = None, **config: Value) -> Value:
    made: Object = {"reranker_type": kind, "query": "q", "retrieval_chunks": "d", **config}
    return call("rerank", made, services, d=DOCUMENTS, q="What is your name?")


def test_a_model_orders_documents() -> None:
    model = ScriptedModel(lambda _: '{"relevance": [0.2, 1, 0.4]}')
    assert rerank("llm", Services(model=model), top_k=2, model_name="m") == [
        {"doc": "I am Jack", "score": 1},
        {"doc": "Hello", "score": 0.4},
    ]
    assert "Query: What is your name?" in model.asked[0]


def test_cohere_orders_documents() -> None:
    reply = {"results": [{"index": 1, "relevance_score": 0.9}]}
    messages: list[tuple[str, object]] = []
    with loopback(lambda _: Answer(reply)) as fetcher:
        services = Services(
            outbound=OutboundServices(rerankers=rerankers(fetcher, {"COHERE_API_KEY": "c"})),
            emit=lambda name, payload: messages.append((name, payload)),
        )
        assert rerank("cohere", services, top_k=1) == [{"doc": "I am Jack", "score": 0.9}]
    assert messages == [("service_called", {"edge": "e", "service": "cohere", "results": 1})]
    with pytest.raises(ProviderError, match="COHERE_API_KEY"):
        rerank("cohere", Services(outbound=OutboundServices(rerankers=rerankers(None, {}))))
    with pytest.raises(EdgeError, match="no ranking services"):
        rerank("cohere", Services())


class ScriptedEmbedder:
    """Texts about a name are near each other."""

    name = "told"

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One of two directions."""
        return [[1.0, 0.0] if "name" in text or "Jack" in text else [0.6, 0.8] for text in texts]


def test_embeddings_order_documents() -> None:
    found = rerank("embedding", Services(embedder=ScriptedEmbedder()), top_k=1)
    assert found == [{"doc": "I am Jack", "score": 1.0}]
    with pytest.raises(EdgeError, match="no embeddings"):
        rerank("embedding")


def test_fusion_takes_an_order_or_several() -> None:
    assert rerank("rrf", top_k=1) == [{"doc": "I am a developer", "score": 1 / 60}]
    found = call("rerank", {"reranker_type": "rrf"}, q="x", d=[["a", "b"], ["b", "c"]])
    assert found == [
        {"doc": "b", "score": 1 / 61 + 1 / 60},
        {"doc": "a", "score": 1 / 60},
        {"doc": "c", "score": 1 / 61},
    ]


def test_nothing_to_order_asks_nobody() -> None:
    assert call("rerank", {"reranker_type": "llm"}, q="x", d=[]) == []


def test_other_rankers_are_refused_with_what_there_is() -> None:
    with pytest.raises(EdgeError, match="huggingface") as error:
        rerank("huggingface")
    assert "one of llm, cohere, embedding, rrf" in error.value.reason
    with pytest.raises(EdgeError, match="'ghost' is not a source"):
        rerank("rrf", retrieval_chunks="ghost")
