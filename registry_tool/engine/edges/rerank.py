"""`rerank`: puts documents into the order of their relevance to a query.

Config: `reranker_type`, `query` (a source's id or label, or a template; default: the first source),
`retrieval_chunks` (ids or labels of sources; default: all others), `top_k` (default 5), `model_name`. The target
gets [{doc, score}].
- `llm`: a model judges every document from 0 to 1
- `cohere`: Cohere's ranking service
- `embedding`: the cosine of query and document in the run's embeddings
- `rrf`: reciprocal rank fusion of lists that are ordered already (k = 60; Cormack et al., 2009)
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from registry_tool.core.values import Value
from registry_tool.engine.edges.asking.services import (
    QueryConfig,
    documents_of,
    embedder_of,
    emit_call,
    query_block,
    query_of,
    source_named,
)
from registry_tool.engine.edges.asking.settings import ModelConfig
from registry_tool.engine.edges.base import EdgeCall, MissingServiceError, Services
from registry_tool.engine.edges.config import spelled
from registry_tool.engine.edges.ranking.source_search import judged
from registry_tool.engine.edges.spellings import names, only_key
from registry_tool.manifest.template import as_text

_K = 60
_JUDGE = (
    "Judge how relevant each document is to the query, by its meaning in context, not by single words. "
    "Give a relevance from 0 (not at all) to 1 (fully) for every document, in the documents' order."
)
_TEXT_KEYS = ("doc", "document", "content", "text")
Scores = list[tuple[str, float]]


@dataclass(frozen=True, kw_only=True)
class RerankConfig(ModelConfig, QueryConfig):
    """Who orders the documents, which, and how many stay; `model_name` goes before `model`."""

    reranker_type: Literal["llm", "cohere", "embedding", "rrf"] = "llm"
    retrieval_chunks: tuple[str, ...] = field(default=(), metadata=spelled(form=names))
    top_k: int = 5
    model_name: str = field(default="", metadata=spelled(form=only_key))


class RerankEdge:
    """Order by relevance."""

    type = "rerank"
    config = RerankConfig

    async def run(
        self, call: EdgeCall, config: RerankConfig, services: Services
    ) -> dict[str, Value]:
        """The best documents with their scores, for every target."""
        chunks = _chunks(call, config)
        scores = _KINDS[config.reranker_type]
        scored = await scores(call, services, config, chunks) if chunks else []
        best = sorted(scored, key=lambda item: -item[1])[: config.top_k]
        return call.to_all([{"doc": doc, "score": score} for doc, score in best])


def _chunks(call: EdgeCall, config: RerankConfig) -> list[Value]:
    named = source_named(call, config.query)
    query = named or (None if config.query else query_block(call, config))
    others = [block for block in call.sources if block is not query]
    return documents_of(call, config.retrieval_chunks, others, "config.retrieval_chunks")


def _text(chunk: Value) -> str:
    """A chunk's text; of an object, what stands where retrieved documents have theirs."""
    if isinstance(chunk, dict):
        return as_text(next((chunk[key] for key in _TEXT_KEYS if chunk.get(key)), chunk))
    return as_text(chunk)


async def _llm(
    call: EdgeCall, services: Services, config: RerankConfig, chunks: list[Value]
) -> Scores:
    documents = [_text(chunk) for chunk in chunks]
    asking = replace(config, model=config.model_name or config.model)
    scores = await judged(call, services, asking, _JUDGE, query_of(call, config), documents)
    return list(zip(documents, scores, strict=True))


async def _cohere(
    call: EdgeCall, services: Services, config: RerankConfig, chunks: list[Value]
) -> Scores:
    if "cohere" not in services.rerankers:
        raise MissingServiceError("this run can't ask Cohere Rerank: it has no ranking services")
    documents = [_text(chunk) for chunk in chunks]
    count = min(config.top_k, len(documents))
    ranked = await services.rerankers["cohere"].rank(
        query_of(call, config), documents, count, config.model_name
    )
    emit_call(call, services, "cohere", len(ranked))
    return [(documents[index], score) for index, score in ranked]


async def _embedding(
    call: EdgeCall, services: Services, config: RerankConfig, chunks: list[Value]
) -> Scores:
    embedder = embedder_of(call, services)
    if embedder is None:
        raise MissingServiceError(
            "this run has no embeddings to compare with", hint="use llm or rrf"
        )
    documents = [_text(chunk) for chunk in chunks]
    query, *vectors = await embedder.embed([query_of(call, config), *documents])
    return [
        (document, math.fsum(a * b for a, b in zip(query, vector, strict=True)))
        for document, vector in zip(documents, vectors, strict=True)
    ]


async def _fused(
    call: EdgeCall, services: Services, config: RerankConfig, chunks: list[Value]
) -> Scores:
    lists = [chunk for chunk in chunks if isinstance(chunk, list)]
    scores: dict[str, float] = {}
    for ranking in lists if len(lists) == len(chunks) else [chunks]:
        for rank, chunk in enumerate(ranking):
            scores[_text(chunk)] = scores.get(_text(chunk), 0.0) + 1 / (rank + _K)
    return list(scores.items())


_KINDS: dict[str, Callable[[EdgeCall, Services, RerankConfig, list[Value]], Awaitable[Scores]]] = {
    "llm": _llm,
    "cohere": _cohere,
    "embedding": _embedding,
    "rrf": _fused,
}
