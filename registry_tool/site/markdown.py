"""A stranger's Markdown → clean HTML: no script, style, form, image or frame, and links that promise nothing."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {
    *(
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "code",
        "dd",
        "del",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
    ),
    *(
        "h5",
        "h6",
        "hr",
        "i",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
    ),
    *("th", "thead", "tr", "ul"),
}
_DOWN = 2  # levels: a page's title and its section stand above a stranger's headings
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}


@cache
def _reader() -> Any:  # MarkdownIt's options are untyped
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@lru_cache(maxsize=2)  # a version's page and its workflow's show the same
def clean_html(text: str) -> Markup:
    """HTML that may stand in a page as it is; headings go two levels down, below the page's own."""
    return clean_html_once(text)


def clean_html_once(text: str) -> Markup:
    """HTML that may stand in a page as it is, of a text that nobody asks for again."""
    html = nh3.clean(
        _rendered(text),
        tags=TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return Markup(scrollable(html))  # noqa: S704 - cleaned right above


def _rendered(text: str) -> str:
    reader = _reader()
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + _DOWN, 6)}"
    return str(reader.renderer.render(tokens, reader.options, {}))


def scrollable(html: str) -> str:
    """Clean HTML in which whatever may be wider than the page can be scrolled with the keyboard."""
    framed = html.replace("<table>", '<div class="wide" tabindex="0"><table>')
    return framed.replace("</table>", "</table></div>").replace("<pre>", '<pre tabindex="0">')
