"""The search page. It shows nothing of any workflow: the script reads the index (`site/search/`)."""

from __future__ import annotations

from registry_tool.site.contexts import Context, Words, category_title
from registry_tool.site.pages.rendering import Files, Page, render
from registry_tool.site.site import Site

PAGE = "search/index.html"
_PREFIX = "search_"


def search_page(site: Site) -> Files:
    """The page with the field, the facets and the order, in every language."""

    def worded(words: Words) -> Context:
        return {
            "title": words["search"],
            "own_search": True,
            "search_words": search_words(words),
            "category_titles": {
                "uncategorized": words["category_uncategorized"],
                **{
                    key: category_title(title, key, words)
                    for key, title in sorted(site.settings.categories.items())
                },
            },
        }

    yield from render(Page(PAGE, "search", worded), site)


def search_words(words: Words) -> Words:
    """What the script says in a language."""
    return {key: words[key] for key in sorted(words) if key.startswith(_PREFIX)}
