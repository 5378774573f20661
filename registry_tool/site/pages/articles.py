"""Documentation and rules as pages of the site."""

from __future__ import annotations

from collections.abc import Iterable

from registry_tool.site import documents, links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.documents import INDEX, Article
from registry_tool.site.pages.rendering import Files, Page, render
from registry_tool.site.site import Site


def article_files(site: Site) -> Files:
    """`docs/` and `rules/`: they change with the tool alone."""
    docs = documents.documents()
    index = [(page.title, _doc_page(page.name)) for page in docs.values() if page.name != INDEX]
    for page in docs.values():
        steps = [] if page.name == INDEX else [("docs", "docs/index.html")]
        yield from _article(_doc_page(page.name), page, index, steps, site)
    yield from _rules(site)


def _rules(site: Site) -> Files:
    found = documents.rules()
    index = [(name, f"rules/{name}/index.html") for name in found]
    front = Article("rules", "rules", _front(found.values()))
    yield from _article("rules/index.html", front, index, [], site)
    for name, page in found.items():
        yield from _article(
            f"rules/{name}/index.html", page, index, [("rules", "rules/index.html")], site
        )


def _front(found: Iterable[Article]) -> str:
    """The lead of the rules, and every rule with its first sentence."""
    items = (f"- [`{page.name}`](rules.md#{page.name}): {_first(page.text)}" for page in found)
    return documents.rules_lead() + "\n\n" + "\n".join(items)


def _first(text: str) -> str:
    return text.partition("\n")[0].partition("**")[2].partition("**")[0]


def _doc_page(name: str) -> str:
    return "docs/index.html" if name == INDEX else f"docs/{name}/index.html"


def _article(
    page: str,
    document: Article,
    index: list[tuple[str, str]],
    steps: list[tuple[str, str]],
    site: Site,
) -> Files:
    body = documents.html(document, links.up(page))

    def worded(words: Words) -> Context:
        return {
            "title": words.get(document.title, document.title),
            "body": body,
            "source": document.text,
            "index": index,
            "here": page,
            "steps": [(words[word], url) for word, url in steps],
            "foreign": words["other_language"] == "English",
        }

    yield from render(Page(page, "article", worded), site)
