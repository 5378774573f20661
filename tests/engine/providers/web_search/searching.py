"""A search service asked over a server on this machine."""

from __future__ import annotations

import asyncio

from registry_tool.core.values import Frozen
from registry_tool.engine.providers.all_services import web_searches
from registry_tool.engine.providers.web_search.base import FoundPage
from tests.engine.loopback import Answer, Asked, Loopback

SECRETS = {
    "GCP_API_KEY": "key/1",
    "CSE_ID": "engine-1",
    "PERPLEXITY_API_KEY": "p-1",
    "ELASTICSEARCH_URL": "https://search.example.com/",
    "ELASTICSEARCH_API_KEY": "e-1",
    "COHERE_API_KEY": "c-1",
}


def found(
    fetcher: Loopback | None,
    name: str,
    query: str = "cats",
    count: int = 3,
    options: Frozen | None = None,
    **more: str,
) -> tuple[FoundPage, ...]:
    search = web_searches(fetcher, {**SECRETS, **more})[name]
    return asyncio.run(search.search(query, count, options or {}))


def google_items(asked: Asked) -> Answer:
    start, count = int(asked.query["start"]), int(asked.query["num"])
    items = [
        {"title": f"T{n}", "link": f"https://x.example/{n}", "snippet": "…"}
        for n in range(start, start + count)
        if n <= 13
    ]
    return Answer({"items": items})
