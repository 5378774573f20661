"""Search services that find what they were told."""

from __future__ import annotations

from typing import Any

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.engine.edges.base import Services
from registry_tool.engine.providers.outbound import OutboundServices
from registry_tool.engine.providers.web_search.base import FoundPage

CATS = FoundPage("Cats", "https://cats.example/1", "All about cats.")
DOGS = FoundPage("Dogs", "https://dogs.example/2", "All about dogs.")


class ScriptedSearch:
    """Finds the pages that it was told; remembers what it was asked."""

    def __init__(self, name: str, *pages: FoundPage, error: RegistryError | None = None) -> None:
        self.name, self._pages, self._error = name, pages, error
        self.asked: list[tuple[str, int, Object]] = []

    def check(self) -> None:
        """Raise what it was told to."""
        if self._error:
            raise self._error

    async def search(self, query: str, count: int, options: Any) -> tuple[FoundPage, ...]:
        """The first `count` pages."""
        self.check()
        self.asked.append((query, count, dict(options)))
        return self._pages[:count]


def services(*searches: ScriptedSearch, fetcher: Any = None, **more: Any) -> Services:
    outbound = OutboundServices(fetcher, {search.name: search for search in searches})
    return Services(outbound=outbound, **more)
