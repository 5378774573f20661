"""Google's Custom Search JSON API: https://developers.google.com/custom-search/v1/using_rest."""

from __future__ import annotations

from registry_tool.core.values import Frozen
from registry_tool.engine.providers.web_search.base import FoundPage
from registry_tool.engine.providers.web_search.service_client import ServiceClient, items, text_at

_MOST, _AT_ONCE = 100, 10  # the API's own bounds
_REGIONS = {"uk": "gb"}


class GoogleSearch:
    """Searches the engine CSE_ID with the key GCP_API_KEY. `google_region` prefers a country's pages."""

    name = "google"

    def __init__(self, client: ServiceClient, address: str = "https://www.googleapis.com") -> None:
        self._client, self._address = client, address

    def check(self) -> None:
        """Both secrets are set."""
        self._client.check()

    async def search(self, query: str, count: int, options: Frozen) -> tuple[FoundPage, ...]:
        """Ten pages a request, until there are enough or no more."""
        found: list[FoundPage] = []
        while len(found) < min(count, _MOST):
            wanted = min(count, _MOST) - len(found)
            batch = await self._batch(query, len(found) + 1, min(wanted, _AT_ONCE), options)
            found += batch
            if len(batch) < min(wanted, _AT_ONCE):
                break
        return tuple(found[:count])

    async def _batch(self, query: str, start: int, count: int, options: Frozen) -> list[FoundPage]:
        region = text_at(options, "google_region").lower()
        country = _REGIONS.get(region, region)
        answer = await self._client.get(
            f"{self._address}/customsearch/v1",
            {
                "key": self._client.secret("GCP_API_KEY"),
                "cx": self._client.secret("CSE_ID"),
                "q": query,
                "num": str(count),
                "start": str(start),
                **({"gl": country, "cr": f"country{country.upper()}"} if country else {}),
            },
        )
        return [
            FoundPage(text_at(item, "title"), text_at(item, "link"), text_at(item, "snippet"))
            for item in items(answer, "items")
        ]
