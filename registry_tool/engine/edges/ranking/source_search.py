"""Searching what an edge's sources hold: by shared words, or by a model's judgement."""

from __future__ import annotations

from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.asking.services import (
    ask_json,
    documents_of,
    query_block,
    query_of,
    with_model,
)
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.engine.edges.config import whole_number
from registry_tool.engine.edges.ranking.bm25 import bm25
from registry_tool.engine.providers.models.base import Message
from registry_tool.manifest.template import as_text

_JUDGE = (
    "Judge how relevant each document is to the query: its words, its meaning, its language and style. "
    "Give a relevance from 0 (not at all) to 1 (fully) for every document, in the documents' order."
)


async def by_keywords(call: EdgeCall, services: Services, config: Object) -> Value:
    """[{doc_index, score, document}] of the best by BM25, scores from 0 to 1."""
    texts = _texts(call, config)
    scores = bm25(query_of(call), texts)
    return [
        {"doc_index": index, "score": score, "document": texts[index]}
        for index, score in _best(scores, config)
    ]


async def by_model(call: EdgeCall, services: Services, config: Object) -> Value:
    """[[document, relevance]] of the best by a model's judgement."""
    texts = _texts(call, config)
    system = str(config.get("llm_prompt_template") or _JUDGE)
    scores = await judged(with_model(call, config), services, system, query_of(call), texts)
    return [[texts[index], score] for index, score in _best(scores, config)]


async def judged(
    call: EdgeCall, services: Services, system: str, query: str, documents: list[str]
) -> list[float]:
    """A model's relevance from 0 to 1 of every document for a query."""
    if not documents:
        return []
    shown = "\n".join(f"{number}. {text}" for number, text in enumerate(documents, 1))
    count = len(documents)
    number: Object = {"type": "number", "minimum": 0, "maximum": 1}
    scores: Object = {"type": "array", "items": number, "minItems": count, "maxItems": count}
    answer = await ask_json(
        call,
        services,
        [Message("system", system), Message("user", f"Query: {query}\n\nDocuments:\n{shown}")],
        {"type": "object", "properties": {"relevance": scores}},
    )
    return cast(list[float], answer["relevance"])


def _texts(call: EdgeCall, config: Object) -> list[str]:
    query = query_block(call)
    others = [block for block in call.sources if block is not query]
    found = documents_of(call, config.get("doc_ids"), others, "config.doc_ids")
    return [as_text(document) for document in found]


def _best(scores: list[float], config: Object) -> list[tuple[int, float]]:
    """Positions and scores of at most `top_k` that reach the threshold, best first."""
    least = config.get("threshold")
    bound = float(least) if isinstance(least, int | float) else 0.0
    kept = [(index, score) for index, score in enumerate(scores) if score >= bound]
    return sorted(kept, key=lambda item: -item[1])[: most(config)]


def most(config: Object) -> int:
    """How many results are wanted at most."""
    return whole_number(config, "top_k", 10, least=1)
