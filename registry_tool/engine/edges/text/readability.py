"""A web page → its text: what stands in `article` or `main` where there is one, without navigation and scripts."""

from __future__ import annotations

from registry_tool.engine.providers.http.html_parser import TolerantHTMLParser

_SILENT = frozenset(
    {"script", "style", "noscript", "template", "svg", "head", "nav", "header", "footer"}
    | {"aside", "form", "button", "iframe"}
)
_MAIN = frozenset({"article", "main"})
_BREAKS = frozenset({"p", "div", "br", "li", "tr", "section", "h1", "h2", "h3", "h4", "pre"})


def readable(html: str) -> str:
    """The page's text, one line for each block of it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = "".join(reader.main or reader.rest).split("\n")
    return "\n".join(text for line in lines if (text := " ".join(line.split())))


class _Reader(TolerantHTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.main: list[str] = []
        self.rest: list[str] = []
        self._silent = self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self._inside += tag in _MAIN
        if tag in _BREAKS:
            self._add("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0
        self._inside -= tag in _MAIN and self._inside > 0
        if tag in _BREAKS:
            self._add("\n")

    def handle_data(self, data: str) -> None:
        self._add(data)

    def _add(self, text: str) -> None:
        if not self._silent:
            (self.main if self._inside else self.rest).append(text)
