"""Searching what an edge's sources hold: by shared words, or by a model's judgement."""

from __future__ import annotations

from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.asking.model import Question
from registry_tool.engine.edges.asking.services import (
    ask_json,
    documents_of,
    query_block,
    query_of,
)
from registry_tool.engine.edges.asking.settings import ModelConfig
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.engine.edges.ranking.bm25 import bm25
from registry_tool.engine.edges.ranking.search_config import SearchConfig
from registry_tool.engine.providers.models.base import Message
from registry_tool.manifest.template import as_text

_JUDGE = (
    "Judge how relevant each document is to the query: its words, its meaning, its language and style. "
    "Give a relevance from 0 (not at all) to 1 (fully) for every document, in the documents' order."
)


async def by_keywords(call: EdgeCall, services: Services, config: SearchConfig) -> Value:
    """[{doc_index, score, document}] of the best by BM25, scores from 0 to 1."""
    texts = _texts(call, config)
    scores = bm25(query_of(call, config), texts)
    return [
        {"doc_index": index, "score": score, "document": texts[index]}
        for index, score in _best(scores, config)
    ]


async def by_model(call: EdgeCall, services: Services, config: SearchConfig) -> Value:
    """[[document, relevance]] of the best by a model's judgement."""
    texts = _texts(call, config)
    system = config.llm_prompt_template or _JUDGE
    scores = await judged(call, services, config, system, query_of(call, config), texts)
    return [[texts[index], score] for index, score in _best(scores, config)]


async def judged(  # noqa: PLR0913, PLR0917 - who judges what, for which edge
    call: EdgeCall,
    services: Services,
    config: ModelConfig,
    system: str,
    query: str,
    documents: list[str],
) -> list[float]:
    """A model's relevance from 0 to 1 of every document for a query."""
    if not documents:
        return []
    shown = "\n".join(f"{number}. {text}" for number, text in enumerate(documents, 1))
    count = len(documents)
    number: Object = {"type": "number", "minimum": 0, "maximum": 1}
    scores: Object = {"type": "array", "items": number, "minItems": count, "maxItems": count}
    messages = [
        Message("system", system),
        Message("user", f"Query: {query}\n\nDocuments:\n{shown}"),
    ]
    answer = await ask_json(
        call,
        services,
        Question(messages, config),
        {"type": "object", "properties": {"relevance": scores}},
    )
    return cast(list[float], answer["relevance"])


def _texts(call: EdgeCall, config: SearchConfig) -> list[str]:
    query = query_block(call, config)
    others = [block for block in call.sources if block is not query]
    found = documents_of(call, config.doc_ids, others, "config.doc_ids")
    return [as_text(document) for document in found]


def _best(scores: list[float], config: SearchConfig) -> list[tuple[int, float]]:
    """Positions and scores of at most `top_k` that reach the threshold, best first."""
    bound = 0.0 if config.threshold is None else config.threshold
    kept = [(index, score) for index, score in enumerate(scores) if score >= bound]
    return sorted(kept, key=lambda item: -item[1])[: config.most]
