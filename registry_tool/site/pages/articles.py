"""Documentation and rules as pages of the site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from markupsafe import Markup

from registry_tool.site import links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.documents.articles import (
    INDEX,
    Article,
    documents,
    rules,
    rules_front,
    translated,
)
from registry_tool.site.documents.html import html, markdown
from registry_tool.site.documents.leads import doc_page, rule_page
from registry_tool.site.documents.outline import Group, edge_pages, outline, rule_pages
from registry_tool.site.pages.rendering import Files, Page, render
from registry_tool.site.site import Site

_EDGES = "docs/edges/"
InLanguage = Callable[[str], Article]


def article_files(site: Site) -> Files:
    """`docs/` and `rules/`: they change with the tool alone."""
    for name in documents():
        page = doc_page(name)
        steps = [] if name == INDEX else [("docs", doc_page(INDEX))]
        yield from _article(page, partial(translated, name), steps, site)
    yield from _article(rule_page(""), _always(rules_front()), [], site)
    for name, rule in rules().items():
        yield from _article(rule_page(name), _always(rule), [("rules", rule_page(""))], site)


def _always(article: Article) -> InLanguage:
    return lambda _: article


def _article(
    page: str,
    in_language: InLanguage,
    steps: list[tuple[str, str]],
    site: Site,
) -> Files:
    def worded(words: Words) -> Context:
        article = in_language(words["language"])
        return {
            "title": words.get(article.title, article.title),
            "body": _body(article, links.up(page)),
            "source": markdown(article, links.up(page)),
            "groups": _beside(page, words["language"]),
            "here": page,
            "steps": [(words[word], url) for word, url in steps],
            "foreign": article.language != words["language"],
        }

    yield from render(Page(page, "article", worded), site)


@lru_cache(maxsize=1)
def _body(article: Article, home: str) -> Markup:
    """Of a page that one language has, both show the same."""
    return html(article, home)


def _beside(page: str, language: str) -> Sequence[Group]:
    """What stands in the margin: the pages of the same kind. A front lists them itself."""
    if page in {doc_page(INDEX), rule_page("")}:
        return []
    if page.startswith("rules/"):
        return rule_pages()
    edges = edge_pages() if page.startswith(_EDGES) else []
    return [*edges, *outline(language)]
