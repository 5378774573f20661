"""HTML and Markdown → the texts of their elements (`chunking_mode: advanced`)."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.engine.providers.http.html_parser import TolerantHTMLParser

# Elements without content.
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"}) | {
    "source",
    "track",
    "wbr",
}


class _Element:
    __slots__ = ("below", "tag", "texts")

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.texts: list[str] = []
        self.below: list[_Element] = []


class _Reader(TolerantHTMLParser):
    """Collects every element with all text inside it, in the order of the opening tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[_Element] = []
        self._open: list[_Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag)
        self.elements.append(element)
        for around in self._open:
            around.below.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for position in range(len(self._open) - 1, -1, -1):
            if self._open[position].tag == tag:
                del self._open[position:]
                return

    def handle_data(self, data: str) -> None:
        if text := data.strip():
            for element in self._open:
                element.texts.append(text)


def html_chunks(text: str, tags: Sequence[str] = ()) -> list[str]:
    """The text of every element of the wanted tags (all, where none are wanted), tag by tag."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    wanted = list(tags) or [element.tag for element in reader.elements]
    return [
        "".join(element.texts)
        for tag in wanted
        for element in reader.elements
        if element.tag == tag and element.texts
    ]


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

    reader = _Reader()
    reader.feed(MarkdownIt().render(text))
    reader.close()
    inside: set[int] = set()
    parts: list[str] = []
    for element in reader.elements:
        if element.tag in _PARTS and element.texts and id(element) not in inside:
            inside.update(id(below) for below in element.below)
            parts.append(f"{_PARTS[element.tag]}: {' '.join(element.texts)}")
    return parts
