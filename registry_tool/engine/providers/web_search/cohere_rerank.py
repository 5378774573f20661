"""What a ranking service is: a query and documents in, a score for each of the best out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from registry_tool.core.values import Frozen
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.web_search.service_client import ServiceClient, items


class Reranker(Protocol):
    """Ranks documents. `name` is the service's, as `rerank` edges name it."""

    name: str

    async def rank(
        self, query: str, documents: Sequence[str], count: int, model: str
    ) -> tuple[tuple[int, float], ...]:
        """(position, score) of at most `count` documents, best first; an empty `model` is the usual one."""


class CohereReranker:
    """Cohere's v2 rerank endpoint with the key COHERE_API_KEY: https://docs.cohere.com/reference/rerank."""

    name = "cohere"

    def __init__(self, client: ServiceClient, address: str = "https://api.cohere.com") -> None:
        self._client, self._address = client, address

    async def rank(
        self, query: str, documents: Sequence[str], count: int, model: str
    ) -> tuple[tuple[int, float], ...]:
        """One request; `ProviderError` for invalid positions."""
        answer = await self._client.post(
            f"{self._address}/v2/rerank",
            {
                "model": model or "rerank-v3.5",
                "query": query,
                "documents": list(documents),
                "top_n": count,
            },
            {"authorization": f"Bearer {self._client.secret('COHERE_API_KEY')}"},
        )
        return tuple(_scored(item, len(documents)) for item in items(answer, "results"))


def _scored(item: Frozen, count: int) -> tuple[int, float]:
    index, score = item.get("index"), item.get("relevance_score")
    if not isinstance(index, int) or not 0 <= index < count or not isinstance(score, int | float):
        raise ProviderError("Cohere Rerank sent no ranking of these documents")
    return index, float(score)
