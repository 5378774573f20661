"""An Elasticsearch server's search: https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-search."""

from __future__ import annotations

import json
import re

from registry_tool.core.values import Frozen
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.web_search.base import FoundPage
from registry_tool.engine.providers.web_search.service_client import ServiceClient, items, text_at

_INDEX = re.compile(r"[a-z0-9][a-z0-9._*-]*(,[a-z0-9][a-z0-9._*-]*)*")
"""Names or patterns of indexes; `.` and `..` would be another address."""


class ElasticSearch:
    """Matches `field` (by default content) of the documents in `index` on the server ELASTICSEARCH_URL."""

    name = "elasticsearch"

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    def check(self) -> None:
        """Address and key are set."""
        self._client.check()

    async def search(self, query: str, count: int, options: Frozen) -> tuple[FoundPage, ...]:
        """The hits; `fields` holds each as the server gives it."""
        index = text_at(options, "index")
        if _INDEX.fullmatch(index) is None:
            raise ProviderError(
                "an elastic search needs the name of an index", location="config.index"
            )
        wanted = text_at(options, "field") or "content"
        address = self._client.secret("ELASTICSEARCH_URL").rstrip("/")
        answer = await self._client.post(
            f"{address}/{index}/_search",
            {"size": count, "query": {"match": {wanted: query}}},
            {"authorization": f"ApiKey {self._client.secret('ELASTICSEARCH_API_KEY')}"},
        )
        return tuple(_page(hit) for hit in items(answer, "hits", "hits"))


def _page(hit: Frozen) -> FoundPage:
    source = hit.get("_source")
    return FoundPage(text_at(hit, "_id"), "", json.dumps(source, ensure_ascii=False), hit)
