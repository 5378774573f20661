"""An article's HTML and the Markdown of its twin: links lead to the site's pages, headings have anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from registry_tool.site import links
from registry_tool.site.documents.anchors import anchors
from registry_tool.site.documents.articles import Article
from registry_tool.site.documents.leads import Lead, doc_page, lead
from registry_tool.site.markdown import TAGS, scrollable

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, **{tag: {"id"} for tag in _HEADINGS}}
_CODE = re.compile(r"(?<!<pre>)<code>[^<]*</code>")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
"""What no line breaks in: `--env` is one word to a reader, and none to a browser."""
_FENCED = re.compile(r"^(```.*?^```$|~~~.*?^~~~$)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^()\s]+)\)")


@cache
def _reader() -> Any:  # MarkdownIt's options are untyped
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def html(article: Article, home: str) -> Markup:
    """The page's HTML; `home` is the way to the root of the article's language."""
    tokens = _reader().parse(article.text)
    named = iter(anchors(article))
    for token in tokens:
        if token.type == "heading_open":
            token.attrSet("id", next(named))
        if token.children:
            token.children = list(_led(token.children, article, home))
    kept = nh3.clean(
        _reader().renderer.render(tokens, _reader().options, {}),
        tags=TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    whole = _CODE.sub(lambda found: _OPTION.sub(r"<span>\g<0></span>", found[0]), kept)
    return Markup(scrollable(whole))  # noqa: S704 - cleaned above


def markdown(article: Article, home: str) -> str:
    """The text with links to the Markdown twins of the site's pages."""

    def replaced(found: re.Match[str]) -> str:
        text, href = found.groups()
        to = _lead(article, href)
        if to is None:
            return text if ":" not in href else found[0]
        shown = to.title if _is_file_name(text, href) else text
        page, hash_, anchor = _address(to, article, home).partition("#")
        return f"[{shown}]({page and links.twin(page)}{hash_}{anchor})"

    parts = _FENCED.split(article.text)
    return "".join(
        part if number % 2 else _LINK.sub(replaced, part) for number, part in enumerate(parts)
    )


def _led(tokens: Sequence[Any], article: Article, home: str) -> Iterator[Any]:
    """A line's tokens; a link that leads nowhere on the site is text."""
    kept: list[bool] = []
    for position, token in enumerate(tokens):
        if token.type == "link_open":
            href = str(token.attrGet("href") or "")
            to = _lead(article, href)
            kept.append(to is not None or ":" in href)
            if to is not None:
                token.attrSet("href", _address(to, article, home))
                label = tokens[position + 1]
                if _is_file_name(label.content, href):
                    label.content = to.title
        is_kept = kept[-1] if token.type in {"link_open", "link_close"} else True
        if token.type == "link_close":
            kept.pop()
        if is_kept:
            yield token


def _lead(article: Article, href: str) -> Lead | None:
    return None if ":" in href else lead(article, href)


def _address(to: Lead, article: Article, home: str) -> str:
    is_here = to.anchor and to.page == doc_page(article.name)
    return f"#{to.anchor}" if is_here else f"{home}{to.path}"


def _is_file_name(label: str, href: str) -> bool:
    """Whether a link shows the name of its file, in place of which a reader gets the page's title."""
    path = href.partition("#")[0]
    return bool(path) and label in {path, path.rpartition("/")[2], path.lstrip("./")}
