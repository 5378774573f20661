"""HTML and Markdown → the texts of their elements (`chunking_mode: advanced`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate

from registry_tool.core.html_tokens import Token, tokens
from registry_tool.engine.edges.base import EdgeError

# Elements without content.
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"}) | {
    "source",
    "track",
    "wbr",
}
_MOST = 64 * 2**20
"""Characters that chunks may have together: where elements nest, a text is in many of them."""


class _Element:
    """An element whose texts are those from `first` to `last`, and whose elements end before `below`."""

    __slots__ = ("below", "first", "last", "tag")

    def __init__(self, tag: str, first: int) -> None:
        self.tag = tag
        self.first = self.last = first
        self.below = 0


class _Reader:
    """Collects every element in the order of the opening tags, and every text once."""

    def __init__(self, html: str) -> None:
        self.elements: list[_Element] = []
        self.texts: list[str] = []
        self._open: list[_Element] = []
        self._tags = Counter[str]()
        for token in tokens(html):
            self._take(token)
        self._close(len(self._open))

    def _take(self, token: Token) -> None:
        if token.kind in {"text", "raw"}:
            if text := token.text.strip():
                self.texts.append(text)
        elif token.kind == "open" and token.whole:
            self._start(token)
        elif token.kind == "close" and self._tags[token.name]:
            names = (element.tag for element in reversed(self._open))
            self._close(next(n for n, name in enumerate(names, 1) if name == token.name))

    def _start(self, token: Token) -> None:
        self.elements.append(_Element(token.name, len(self.texts)))
        if token.name not in _VOID:
            self._open.append(self.elements[-1])
            self._tags[token.name] += 1
        if token.closed and token.name not in _VOID:
            self._close(1)

    def _close(self, count: int) -> None:
        for _ in range(count):
            element = self._open.pop()
            self._tags[element.tag] -= 1
            element.last, element.below = len(self.texts), len(self.elements)

    def texts_of(self, element: _Element, between: str = "") -> str:
        """All text inside an element."""
        return between.join(self.texts[element.first : element.last])

    def check_size(self, times: Mapping[str, int]) -> None:
        """`EdgeError` where the texts of all elements of some tags, each so many times, are too much."""
        ends = [0, *accumulate(len(text) for text in self.texts)]
        size = sum(times.get(e.tag, 0) * (1 + ends[e.last] - ends[e.first]) for e in self.elements)
        if size > _MOST:
            raise EdgeError(
                f"the texts of its elements have more than {_MOST:,} characters together",
                hint="name the elements that are wanted in config.tags",
            )


def html_chunks(text: str, tags: Sequence[str] = ()) -> list[str]:
    """The text of every element of the wanted tags (all, where none are wanted), tag by tag."""
    reader = _Reader(text)
    by_tag: dict[str, list[_Element]] = {}
    for element in reader.elements:
        if element.last > element.first:
            by_tag.setdefault(element.tag, []).append(element)
    wanted = list(tags) or [element.tag for element in reader.elements]
    reader.check_size(Counter(wanted))
    return [reader.texts_of(element) for tag in wanted for element in by_tag.get(tag, ())]


def markdown_chunks(text: str, tags: Sequence[str] = ()) -> list[str]:
    """Split Markdown by the HTML elements that it becomes."""
    from markdown_it import MarkdownIt

    return html_chunks(MarkdownIt().render(text), tags)


_PARTS = {"blockquote": "blockquote", "pre": "code", "p": "paragraph", "li": "list_item"} | {
    f"h{level}": "header" for level in range(1, 7)
}


def markdown_parts(text: str) -> list[str]:
    """Every header, paragraph, list item, quotation and code block of a Markdown text, as `kind: text`."""
    from markdown_it import MarkdownIt

    reader = _Reader(MarkdownIt().render(text))
    parts: list[_Element] = []
    outside = 0
    for position, element in enumerate(reader.elements):
        if position >= outside and element.tag in _PARTS and element.last > element.first:
            outside = element.below
            parts.append(element)
    return [f"{_PARTS[part.tag]}: {reader.texts_of(part, ' ')}" for part in parts]
