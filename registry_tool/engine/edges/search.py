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

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.asking_services import (
    ask_json,
    documents_of,
    query_block,
    query_of,
    search_with,
    with_model,
)
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.bm25 import bm25
from registry_tool.engine.edges.config import options, whole_number
from registry_tool.engine.edges.readable import readable
from registry_tool.engine.providers.base import Message, ProviderError
from registry_tool.engine.providers.fetching import FetchRequest
from registry_tool.engine.providers.web_search import Page
from registry_tool.engine.providers.web_search_door import decoded
from registry_tool.manifest.template import as_text

_OK = 200
_JUDGE = (
    "Judge how relevant each document is to the query: its words, its meaning, its language and style. "
    "Give a relevance from 0 (not at all) to 1 (fully) for every document, in the documents' order."
)
WEB = {
    "google": "google",
    "google_v2": "google",
    "ddg": "duckduckgo",
    "duckduckgo": "duckduckgo",
}
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
    pages = await search_with(call, services, WEB[named], query_of(call), _most(config), config)
    if config.get("read_pages") is True:
        pages = await _read(pages, services, strict=config.get("filter_unreachable_pages") is True)
    if WEB[named] == "duckduckgo":
        return [{"title": p.title, "href": p.url, "body": p.text} for p in pages]
    return [{"title": p.title, "link": p.url, "content": p.text} for p in pages]


async def _read(pages: tuple[Page, ...], services: Services, *, strict: bool) -> tuple[Page, ...]:
    """The pages with their own text where it can be had."""
    texts = await asyncio.gather(*(_page_text(page, services) for page in pages))
    return tuple(
        replace(page, text=text or page.text)
        for page, text in zip(pages, texts, strict=True)
        if text or not strict
    )


async def _page_text(page: Page, services: Services) -> str:
    if services.fetcher is None:
        raise EdgeError("this run has no way to other hosts, so found pages can't be read")
    try:
        answer = await services.fetcher.fetch(
            FetchRequest(page.url, headers={"accept": "text/html"})
        )
    except ProviderError:
        return ""  # the host is not declared, or does not answer: the service's extract stays
    return readable(decoded(answer)) if answer.status == _OK else ""


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
    pages = await search_with(
        call, services, "elasticsearch", query_of(call), _most(config), config
    )
    return [dict(page.fields) for page in pages]


async def _keyword(call: EdgeCall, services: Services, config: Object) -> Value:
    texts = _texts(call, config)
    scores = bm25(query_of(call), texts)
    return [
        {"doc_index": index, "score": score, "document": texts[index]}
        for index, score in _best(scores, config)
    ]


async def _by_model(call: EdgeCall, services: Services, config: Object) -> Value:
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


async def _vector(call: EdgeCall, services: Services, config: Object) -> Value:
    if services.run_edge is None:
        raise EdgeError("this run can't search by meaning", place="config.search_type")
    edge = replace(call.edge, type="retrieve")
    found = await services.run_edge(replace(call, edge=edge))
    return found[call.edge.targets[0]]


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
    return sorted(kept, key=lambda item: -item[1])[: _most(config)]


def _most(config: Object) -> int:
    return whole_number(config, "top_k", 10, least=1)


_KINDS: dict[str, Callable[[EdgeCall, Services, Object], Awaitable[Value]]] = {
    "web": _web,
    "qa": _qa,
    "elastic": _elastic,
    "keyword": _keyword,
    "llm": _by_model,
    "vector": _vector,
}
