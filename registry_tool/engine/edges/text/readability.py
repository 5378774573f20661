"""A web page → its text: what stands in `article` or `main` where there is one, without navigation and scripts."""

from __future__ import annotations

from registry_tool.core.html_tokens import Token, tokens

_SILENT = frozenset(
    {"script", "style", "noscript", "template", "svg", "head", "nav", "header", "footer"}
    | {"aside", "form", "button", "iframe"}
)
_MAIN = frozenset({"article", "main"})
_BREAKS = frozenset({"p", "div", "br", "li", "tr", "section", "h1", "h2", "h3", "h4", "pre"})


def readable(html: str) -> str:
    """The page's text, one line for each block of it."""
    reader = _Reader()
    for token in tokens(html):
        reader.take(token)
    lines = "".join(reader.main or reader.rest).split("\n")
    return "\n".join(text for line in lines if (text := " ".join(line.split())))


class _Reader:
    def __init__(self) -> None:
        self.main: list[str] = []
        self.rest: list[str] = []
        self._silent = self._inside = 0

    def take(self, token: Token) -> None:
        """One token; what never ends counts for nothing."""
        if token.kind in {"text", "raw"}:
            self._add(token.text)
        elif token.kind == "open" and token.whole:
            self._step(token.name, 1)
            if token.closed:
                self._step(token.name, -1)
        elif token.kind == "close" and token.whole:
            self._step(token.name, -1)

    def _step(self, tag: str, step: int) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent + step, 0)
        if tag in _MAIN:
            self._inside = max(self._inside + step, 0)
        if tag in _BREAKS:
            self._add("\n")

    def _add(self, text: str) -> None:
        if not self._silent:
            (self.main if self._inside else self.rest).append(text)
