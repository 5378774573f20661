"""What a fetcher is: the only way from an edge to a host, and only to hosts that the manifest declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from registry_tool.core.records import Record, field
from registry_tool.engine.providers.errors import ProviderError


class RequestRefusedError(ProviderError):
    """A request that is not made."""


class FetchRequest(Record, frozen=True):
    """One HTTP request. `timeout` is in seconds for all of it; `largest` bounds the answer's body in bytes.

    `secrets` are those in its address or body, by name, so that a recording can leave them out.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    timeout: float = 30.0
    largest: int = 10 * 2**20
    secrets: Mapping[str, str] = field(default_factory=dict)


class FetchAnswer(Record, frozen=True):
    """What came back. `url` is the last address after redirects; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Fetcher(Protocol):
    """Fetches from declared hosts; never from private addresses, also after redirects and name look-ups."""

    async def fetch(self, request: FetchRequest) -> FetchAnswer:
        """The answer, whatever its status; `ProviderError` where the request was refused or failed."""
