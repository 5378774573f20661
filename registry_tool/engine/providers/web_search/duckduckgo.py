"""DuckDuckGo's page for browsers without JavaScript: it has no search API, and this needs no key.

It answers 202, or a page without results that asks for a puzzle, where it takes the client for a robot.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import parse_qs, urlsplit

from registry_tool.core.html_tokens import Token, tokens
from registry_tool.core.threads import run_in_daemon_thread
from registry_tool.core.values import Frozen
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.web_search.base import FoundPage
from registry_tool.engine.providers.web_search.service_client import ServiceClient, text_at

_HEADERS = {"user-agent": "Mozilla/5.0 (compatible; workflow-registry)", "accept": "text/html"}


class DuckDuckGoSearch:
    """Searches the web for texts; other kinds (news, images …) have no interface for programs."""

    name = "duckduckgo"

    def __init__(self, client: ServiceClient, address: str = "https://html.duckduckgo.com") -> None:
        self._client, self._address = client, address

    def check(self) -> None:
        """It needs no secret."""

    async def search(self, query: str, count: int, options: Frozen) -> tuple[FoundPage, ...]:
        """The first page of results."""
        kind = text_at(options, "ddg_search_type") or "text"
        if kind != "text":
            raise ProviderError(
                f"DuckDuckGo answers programs no search for {kind}",
                location="config.ddg_search_type",
                hint="use text",
            )
        html = await self._client.text(f"{self._address}/html/", {"q": query}, _HEADERS)
        pages = await run_in_daemon_thread(partial(read_results, html))
        if not pages and "no-results" not in html:
            raise ProviderError(
                "DuckDuckGo gave no results but a puzzle: it takes this machine for a robot",
                transient=True,
                hint="wait, or search with google",
            )
        return tuple(pages[:count])


def read_results(html: str) -> list[FoundPage]:
    """The results of a page, advertisements left out."""
    reader = _Results()
    for token in tokens(html):
        reader.take(token)
    return [
        FoundPage("".join(title).strip(), "".join(url), " ".join("".join(text).split()))
        for title, url, text in reader.found
        if "".join(url).startswith(("http://", "https://"))
    ]


class _Results:
    """Collects `a.result__a` (title and address) and `.result__snippet` (extract) in pairs."""

    def __init__(self) -> None:
        self.found: list[tuple[list[str], list[str], list[str]]] = []
        self._part, self._tag = (
            0,
            "",
        )  # which part of the last result is being read, inside which tag

    def take(self, token: Token) -> None:
        """One token of the page."""
        if token.kind == "open" and token.whole:
            self._start(token.name, token.attributes())
        if token.kind == "close" or token.closed:
            if token.name == self._tag:
                self._part, self._tag = 0, ""
        elif token.kind in {"text", "raw"} and self._part:
            self.found[-1][self._part - 1].append(token.text)

    def _start(self, tag: str, known: Mapping[str, str]) -> None:
        classes = known.get("class", "").split()
        if "result__a" in classes:
            self.found.append(([], [_target(known.get("href", ""))], []))
            self._part, self._tag = 1, tag
        elif "result__snippet" in classes and self.found:
            self._part, self._tag = 3, tag


def _target(href: str) -> str:
    """The address behind DuckDuckGo's redirect; empty for an advertisement."""
    parts = urlsplit(href)
    if parts.path.startswith("/y.js"):
        return ""
    return parse_qs(parts.query).get("uddg", [href])[0] if parts.path == "/l/" else href
