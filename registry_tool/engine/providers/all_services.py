"""Every service outside that edges ask by name, registered by hand."""

from __future__ import annotations

import os
from collections.abc import Mapping

from registry_tool.engine.providers.http.base import Fetcher
from registry_tool.engine.providers.web_search.base import WebSearch
from registry_tool.engine.providers.web_search.cohere_rerank import CohereReranker, Reranker
from registry_tool.engine.providers.web_search.duckduckgo import DuckDuckGoSearch
from registry_tool.engine.providers.web_search.elasticsearch import ElasticSearch
from registry_tool.engine.providers.web_search.google import GoogleSearch
from registry_tool.engine.providers.web_search.perplexity import PerplexitySearch
from registry_tool.engine.providers.web_search.service_client import ServiceClient
from registry_tool.manifest.services import COHERE, DUCKDUCKGO, ELASTIC, GOOGLE, PERPLEXITY


def web_searches(
    fetcher: Fetcher | None, environment: Mapping[str, str] | None = None
) -> dict[str, WebSearch]:
    """The search services by name, with the operator's secrets from the environment's variables."""
    known = os.environ if environment is None else environment
    searches: tuple[WebSearch, ...] = (
        GoogleSearch(ServiceClient(GOOGLE, fetcher, known)),
        DuckDuckGoSearch(ServiceClient(DUCKDUCKGO, fetcher, known)),
        PerplexitySearch(ServiceClient(PERPLEXITY, fetcher, known)),
        ElasticSearch(ServiceClient(ELASTIC, fetcher, known)),
    )
    return {search.name: search for search in searches}


def rerankers(
    fetcher: Fetcher | None, environment: Mapping[str, str] | None = None
) -> dict[str, Reranker]:
    """The ranking services by name."""
    known = os.environ if environment is None else environment
    return {"cohere": CohereReranker(ServiceClient(COHERE, fetcher, known))}
