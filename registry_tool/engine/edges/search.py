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
from dataclasses import replace

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.asking.services import query_of, search_with
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.config import options
from registry_tool.engine.edges.ranking.fetch_pages import read_pages
from registry_tool.engine.edges.ranking.source_search import by_keywords, by_model, most
from registry_tool.manifest.services import WEB_SEARCHES

WEB = {named: service.name for named, service in WEB_SEARCHES.items()}
"""What `sub_search_type` calls a service of search type web, and the service's name."""


class SearchEdge:
    """Search the web or the sources."""

    type = "search"

    async def run(self, call: EdgeCall, services: Services) -> dict[str, Value]:
        """What was found, for every target."""
        config = options(call)
        kind = str(config.get("search_type") or "web").lower()
        if kind not in _KINDS:
            raise EdgeError(
                f"there is no search_type {kind!r}",
                place="config.search_type",
                way_out=f"use one of {', '.join(_KINDS)}",
            )
        return call.to_all(await _KINDS[kind](call, services, config))


async def _web(call: EdgeCall, services: Services, config: Object) -> Value:
    named = str(config.get("sub_search_type") or "google").lower()
    if named not in WEB:
        raise EdgeError(
            f"there is no web search {named!r}",
            place="config.sub_search_type",
            way_out="use google or ddg",
        )
    pages = await search_with(call, services, WEB[named], query_of(call), most(config), config)
    if config.get("read_pages") is True:
        pages = await read_pages(
            pages, services, strict=config.get("filter_unreachable_pages") is True
        )
    if WEB[named] == "duckduckgo":
        return [{"title": p.title, "href": p.url, "body": p.text} for p in pages]
    return [{"title": p.title, "link": p.url, "content": p.text} for p in pages]


async def _qa(call: EdgeCall, services: Services, config: Object) -> Value:
    named = str(config.get("sub_search_type") or "perplexity").lower()
    if named != "perplexity":
        raise EdgeError(
            f"{named} answers no questions of programs",
            place="config.sub_search_type",
            way_out="use perplexity",
        )
    pages = await search_with(call, services, "perplexity", query_of(call), 1, config)
    return [page.text for page in pages]


async def _elastic(call: EdgeCall, services: Services, config: Object) -> Value:
    pages = await search_with(call, services, "elasticsearch", query_of(call), most(config), config)
    return [dict(page.fields) for page in pages]


async def _vector(call: EdgeCall, services: Services, config: Object) -> Value:
    if services.run_edge is None:
        raise EdgeError("this run can't search by meaning", place="config.search_type")
    edge = replace(call.edge, type="retrieve")
    found = await services.run_edge(replace(call, edge=edge))
    return found[call.edge.targets[0]]


_KINDS: dict[str, Callable[[EdgeCall, Services, Object], Awaitable[Value]]] = {
    "web": _web,
    "qa": _qa,
    "elastic": _elastic,
    "keyword": by_keywords,
    "llm": by_model,
    "vector": _vector,
}
