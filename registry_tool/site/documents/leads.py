"""Where a link in the documentation leads on the site."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote

from registry_tool.site.documents.anchors import anchor_in
from registry_tool.site.documents.articles import (
    ENGLISH,
    INDEX,
    RULES,
    Article,
    documents,
    rules,
    title_of,
)
from registry_tool.site.templates import LANGUAGES


@dataclass(frozen=True, slots=True)
class Lead:
    """A page, below the root of the language that is read; its title is in the language that leads there."""

    page: str
    title: str
    anchor: str = ""

    @property
    def path(self) -> str:
        """Page and anchor."""
        return f"{self.page}#{self.anchor}" if self.anchor else self.page


def doc_page(name: str) -> str:
    """The page of an article of docs/."""
    return "docs/index.html" if name == INDEX else f"docs/{name}/index.html"


def rule_page(name: str) -> str:
    """The page of a rule, or of all."""
    return f"rules/{name}/index.html" if name in rules() else "rules/index.html"


def lead(article: Article, href: str) -> Lead | None:
    """Where a link without a scheme leads; None where what it means is in the repository alone."""
    path, _, anchor = href.partition("#")
    anchor = unquote(anchor)
    file = posixpath.normpath(posixpath.join(posixpath.dirname(article.file), path))
    if not path:
        file = article.file
    if file == f"{RULES}.md":
        return Lead(rule_page(anchor), anchor or RULES.capitalize())
    language, name = _named(file)
    found = documents(language).get(name)
    if found is None:
        return None
    title = title_of(name, article.language)
    return Lead(doc_page(name), title, anchor_in(found, anchor) if anchor else "")


def _named(file: str) -> tuple[str, str]:
    """(language, article's name) of a file or folder below docs/."""
    start, _, rest = file.removesuffix(".md").partition("/")
    return (start, rest) if start in LANGUAGES else (ENGLISH, file.removesuffix(".md"))
