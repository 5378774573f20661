"""Services outside that edges ask by name: their hosts, and the secrets that an operator sets for them."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.records import Record
from registry_tool.core.values import Frozen
from registry_tool.manifest.edge_config import settings


class Service(Record, frozen=True):
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

WEB_SEARCHES = {"google": GOOGLE, "google_v2": GOOGLE, "ddg": DUCKDUCKGO, "duckduckgo": DUCKDUCKGO}
_SEARCHES = {"qa": PERPLEXITY, "elastic": ELASTIC}
_RESEARCH = (
    (("google_search_configs", "web_config"), GOOGLE),
    (("perplexity_search_configs", "perplexity_config"), PERPLEXITY),
)


def services_asked(kind: str, config: Frozen) -> frozenset[Service]:
    """The services that an edge asks, as far as its configuration tells."""
    own = settings(config)
    if kind == "search":
        return _searched(own)
    if kind == "deep_research":
        return frozenset(_researched(own)) or frozenset((GOOGLE, PERPLEXITY))
    if kind == "rerank" and own.get("reranker_type") == "cohere":
        return frozenset((COHERE,))
    return frozenset()


def _searched(config: Frozen) -> frozenset[Service]:
    wanted = str(config.get("search_type") or "web").lower()
    if wanted == "web":
        named = WEB_SEARCHES.get(str(config.get("sub_search_type") or "google").lower())
    else:
        named = _SEARCHES.get(wanted)
    return frozenset((named,)) if named else frozenset()


def _researched(config: Frozen) -> Iterator[Service]:
    for keys, usual in _RESEARCH:
        wanted = next((config[key] for key in keys if config.get(key)), None)
        if isinstance(wanted, dict) and wanted.get("enabled", True) is not False:
            named = str(wanted.get("sub_search_type") or "").lower()
            yield WEB_SEARCHES.get(named, usual) if usual is GOOGLE else usual
