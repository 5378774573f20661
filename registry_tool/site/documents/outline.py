"""All pages of documentation in the order of the front page, by its headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from registry_tool.site.documents.articles import ENGLISH, INDEX, documents, rules, translated
from registry_tool.site.documents.leads import doc_page, lead, rule_page

Group = tuple[str, Sequence[tuple[str, str]]]
"""A heading, and (title, page) of what stands below it."""

_EDGES = "edges"
_ROW = re.compile(r"^\| \[([^\]]+)\]\(([^)]+)\)", re.MULTILINE)


@cache
def outline(language: str) -> Sequence[Group]:
    """What the front page in a language lists; a heading's second part (after a colon) is left out."""
    front = translated(INDEX, language)
    found = []
    for section in re.split(r"^## ", front.text, flags=re.MULTILINE)[1:]:
        heading = re.split(r"[:：]", section.partition("\n")[0])[0]
        pages = [
            (to.title if label.endswith(".md") else label, to.page)
            for label, href in _ROW.findall(section)
            if (to := lead(front, href))
        ]
        if pages:
            found.append((heading, pages))
    return found


def edge_pages() -> Sequence[Group]:
    """The examples of each type of edge."""
    start = f"{_EDGES}/"
    pages = [
        (name.removeprefix(start), doc_page(name)) for name in documents() if name.startswith(start)
    ]
    return [(documents()[_EDGES].title, pages)]


def rule_pages() -> Sequence[Group]:
    """Every rule."""
    return [("", [(name, rule_page(name)) for name in rules()])]


def all_pages() -> Sequence[str]:
    """The addresses of all pages of documentation, below a language's root."""
    return [*map(doc_page, documents(ENGLISH)), rule_page(""), *map(rule_page, rules())]
