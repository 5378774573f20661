"""What a web search provider is: a query in, pages out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Page:
    """One hit. `text` is an extract of the page, as the service gives it."""

    title: str
    url: str
    text: str


class WebSearch(Protocol):
    """Searches the web. `name` is the service's, as `search` edges name it."""

    name: str

    async def search(self, query: str, count: int) -> tuple[Page, ...]:
        """At most `count` pages, best first; `ProviderError` where the service gave none."""
