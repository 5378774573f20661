"""Services outside that edges ask by name: their hosts, and the secrets that an operator sets for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Service:
    """`name` as in `runtime.dependencies.external_apis`. `secrets` are environment variables.

    `host` is empty where the operator's own address counts, which then is one of the secrets.
    """

    name: str
    title: str
    host: str = ""
    secrets: tuple[str, ...] = ()


GOOGLE = Service("google", "Google Custom Search", "www.googleapis.com", ("GCP_API_KEY", "CSE_ID"))
DUCKDUCKGO = Service("duckduckgo", "DuckDuckGo", "html.duckduckgo.com")
PERPLEXITY = Service("perplexity", "Perplexity", "api.perplexity.ai", ("PERPLEXITY_API_KEY",))
ELASTIC = Service(
    "elasticsearch", "Elasticsearch", "", ("ELASTICSEARCH_URL", "ELASTICSEARCH_API_KEY")
)
COHERE = Service("cohere", "Cohere Rerank", "api.cohere.com", ("COHERE_API_KEY",))

SERVICES = {s.name: s for s in (GOOGLE, DUCKDUCKGO, PERPLEXITY, ELASTIC, COHERE)}
