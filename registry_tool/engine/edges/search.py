"""`search`: asks a search service, or searches the source blocks.

Config (directly or in `extra_configs`): `search_type`, `sub_search_type`, `top_k` (default 10), `query` (template,
or a source's id or label) or `query_id`; by default the first source is the query.
- `web`, `sub_search_type` google (`google_region`) or ddg; `read_pages` fetches the found pages from declared
  hosts, `filter_unreachable_pages` leaves out those that can't be read (else they keep the service's extract)
- `qa`, `sub_search_type` perplexity (`model`): a list with the answer
- `elastic`: `index`, `field`
- `keyword`: BM25 over `doc_ids` (default: all other sources), `threshold`: [{doc_index, score, document}]
- `llm`: a model judges the same documents, `llm_prompt_template`, `threshold`: [[document, relevance]]
- `vector`: as an edge of type `retrieve`
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from registry_tool.core.values import Value
from registry_tool.engine.edges.asking.services import query_block, query_of, search_with
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.engine.edges.ranking.fetch_pages import read_pages
from registry_tool.engine.edges.ranking.search_config import SearchConfig
from registry_tool.engine.edges.ranking.source_search import by_keywords, by_model
from registry_tool.engine.edges.retrieve import RetrievalQuery, RetrieveConfig, nearest
from registry_tool.manifest.services import WEB_SEARCHES

WEB = {named: service.name for named, service in WEB_SEARCHES.items()}
"""What `sub_search_type` calls a service of search type web, and the service's name."""


class SearchEdge:
    """Search the web or the sources."""

    type = "search"
    config = SearchConfig

    async def run(
        self, call: EdgeCall, config: SearchConfig, services: Services
    ) -> dict[str, Value]:
        """What was found, for every target."""
        return call.to_all(await _KINDS[config.search_type](call, services, config))


async def _web(call: EdgeCall, services: Services, config: SearchConfig) -> Value:
    named = config.sub_search_type or "google"
    query = query_of(call, config)
    pages = await search_with(call, services, WEB[named], query, config.most, config.written)
    if config.read_pages:
        pages = await read_pages(pages, services, strict=config.filter_unreachable_pages)
    if WEB[named] == "duckduckgo":
        return [{"title": p.title, "href": p.url, "body": p.text} for p in pages]
    return [{"title": p.title, "link": p.url, "content": p.text} for p in pages]


async def _qa(call: EdgeCall, services: Services, config: SearchConfig) -> Value:
    query = query_of(call, config)
    pages = await search_with(call, services, "perplexity", query, 1, config.written)
    return [page.text for page in pages]


async def _elastic(call: EdgeCall, services: Services, config: SearchConfig) -> Value:
    query = query_of(call, config)
    pages = await search_with(call, services, "elasticsearch", query, config.most, config.written)
    return [dict(page.fields) for page in pages]


async def _vector(call: EdgeCall, services: Services, config: SearchConfig) -> Value:
    count = config.top_k or RetrieveConfig.top_k
    wanted = RetrievalQuery(query_of(call, config), query_block(call, config), count)
    return await nearest(call, services, config, wanted)


_KINDS: dict[str, Callable[[EdgeCall, Services, SearchConfig], Awaitable[Value]]] = {
    "web": _web,
    "qa": _qa,
    "elastic": _elastic,
    "keyword": by_keywords,
    "llm": by_model,
    "vector": _vector,
}
