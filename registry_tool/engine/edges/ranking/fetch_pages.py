"""Found pages with their own text instead of the service's extract, where their hosts may be fetched."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from registry_tool.core.threads import run_in_daemon_thread
from registry_tool.engine.edges.base import MissingServiceError, Services
from registry_tool.engine.edges.text.readability import readable
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.http.base import FetchRequest
from registry_tool.engine.providers.web_search.base import FoundPage
from registry_tool.engine.providers.web_search.service_client import decoded

_OK = 200


async def read_pages(
    pages: tuple[FoundPage, ...], services: Services, *, strict: bool
) -> tuple[FoundPage, ...]:
    """The pages with their own text; where it can't be had, as they are, or not at all (`strict`)."""
    texts = await asyncio.gather(*(_page_text(page, services) for page in pages))
    return tuple(
        replace(page, text=text or page.text)
        for page, text in zip(pages, texts, strict=True)
        if text or not strict
    )


async def _page_text(page: FoundPage, services: Services) -> str:
    if services.fetcher is None:
        raise MissingServiceError(
            "this run has no way to other hosts, so found pages can't be read"
        )
    try:
        answer = await services.fetcher.fetch(
            FetchRequest(page.url, headers={"accept": "text/html"})
        )
    except ProviderError:
        # The host is not declared, or does not answer: the service's extract stays. In a replay, too: nothing is
        # recorded of a page that wasn't got.
        return ""
    return (
        await run_in_daemon_thread(partial(readable, decoded(answer)))
        if answer.status == _OK
        else ""
    )
