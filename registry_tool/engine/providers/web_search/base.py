"""What a web search provider is: a query in, pages out."""

from __future__ import annotations

from typing import Protocol

from registry_tool.core.records import Record, field
from registry_tool.core.values import Frozen


class FoundPage(Record, frozen=True):
    """One hit. `text` is an extract of the page, as the service gives it; `fields` is what else it tells."""

    title: str
    url: str
    text: str
    fields: Frozen = field(default_factory=dict)


class WebSearch(Protocol):
    """Searches the web. `name` is the service's, as in `manifest/services.py`."""

    name: str

    def check(self) -> None:
        """`MissingSecretError` where the service can't be asked at all; asks nobody."""

    async def search(self, query: str, count: int, options: Frozen) -> tuple[FoundPage, ...]:
        """At most `count` pages, best first; `ProviderError` where the service gave none.

        `options` are the edge's own fields, of which each service reads its own.
        """
