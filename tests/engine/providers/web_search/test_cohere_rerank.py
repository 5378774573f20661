"""Cohere's ranking over a server on this machine."""

from __future__ import annotations

import asyncio

import pytest

from registry_tool.engine.providers.all_services import rerankers
from registry_tool.engine.providers.errors import ProviderError
from tests.engine.loopback import Answer, loopback
from tests.engine.providers.web_search.searching import SECRETS


def test_cohere_ranks_by_position() -> None:
    reply = {"results": [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 0}]}
    with loopback(lambda _: Answer(reply)) as fetcher:
        cohere = rerankers(fetcher, SECRETS)["cohere"]
        assert asyncio.run(cohere.rank("q", ["a", "b"], 2, "")) == ((1, 0.9), (0, 0.0))
        with pytest.raises(ProviderError, match="no ranking of these"):
            asyncio.run(cohere.rank("q", ["a"], 2, "m"))
    assert fetcher.asked[0].json == {
        "model": "rerank-v3.5",
        "query": "q",
        "documents": ["a", "b"],
        "top_n": 2,
    }
