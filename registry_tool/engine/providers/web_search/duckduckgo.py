"""DuckDuckGo's page for browsers without JavaScript: it has no search API, and this needs no key.

It answers 202, or a page without results that asks for a puzzle, where it takes the client for a robot.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from registry_tool.core.values import Frozen
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.http.html_parser import TolerantHTMLParser
from registry_tool.engine.providers.web_search.base import Page
from registry_tool.engine.providers.web_search.service_client import ServiceClient, text_at

_HEADERS = {"user-agent": "Mozilla/5.0 (compatible; workflow-registry)", "accept": "text/html"}


class DuckDuckGoSearch:
    """Searches the web for texts; other kinds (news, images …) have no door for programs."""

    name = "duckduckgo"

    def __init__(self, door: ServiceClient, address: str = "https://html.duckduckgo.com") -> None:
        self._door, self._address = door, address

    def check(self) -> None:
        """It needs no secret."""

    async def search(self, query: str, count: int, options: Frozen) -> tuple[Page, ...]:
        """The first page of results."""
        kind = text_at(options, "ddg_search_type") or "text"
        if kind != "text":
            raise ProviderError(
                f"DuckDuckGo answers programs no search for {kind}",
                location="config.ddg_search_type",
                hint="use text",
            )
        html = await self._door.text(f"{self._address}/html/", {"q": query}, _HEADERS)
        pages = read_results(html)
        if not pages and "no-results" not in html:
            raise ProviderError(
                "DuckDuckGo gave no results but a puzzle: it takes this machine for a robot",
                transient=True,
                hint="wait, or search with google",
            )
        return tuple(pages[:count])


def read_results(html: str) -> list[Page]:
    """The results of a page, advertisements left out."""
    reader = _Results()
    reader.feed(html)
    reader.close()
    return [
        Page(title.strip(), url, " ".join(text.split()))
        for title, url, text in reader.found
        if url.startswith(("http://", "https://"))
    ]


class _Results(TolerantHTMLParser):
    """Collects `a.result__a` (title and address) and `.result__snippet` (extract) in pairs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[list[str]] = []
        self._part, self._tag = (
            0,
            "",
        )  # which part of the last result is being read, inside which tag

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        classes = (known.get("class") or "").split()
        if "result__a" in classes:
            self.found.append(["", _target(known.get("href") or ""), ""])
            self._part, self._tag = 1, tag
        elif "result__snippet" in classes and self.found:
            self._part, self._tag = 3, tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._tag:
            self._part, self._tag = 0, ""

    def handle_data(self, data: str) -> None:
        if self._part:
            self.found[-1][self._part - 1] += data


def _target(href: str) -> str:
    """The address behind DuckDuckGo's redirect; empty for an advertisement."""
    parts = urlsplit(href)
    if parts.path.startswith("/y.js"):
        return ""
    return parse_qs(parts.query).get("uddg", [href])[0] if parts.path == "/l/" else href
