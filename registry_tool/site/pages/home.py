"""The home page."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.core.values import Object
from registry_tool.site import contexts
from registry_tool.site.contexts import Context, Words
from registry_tool.site.pages.groups import REST
from registry_tool.site.pages.rendering import Files, Page, render
from registry_tool.site.pages.search import search_words
from registry_tool.site.site import Counts, GroupEntry, Highlights, Site

_LATEST, _SHORT = 20, 8  # what fits into a first look


def home_files(
    counts: Counts, shown: Highlights, categories: Sequence[GroupEntry], site: Site
) -> Files:
    """The home page, in every language."""
    in_order = sorted(categories, key=lambda entry: entry.key == REST)

    def worded(words: Words) -> Context:
        return {
            "own_search": True,
            "latest": [contexts.card(entry) for entry in shown.latest[:_LATEST]],
            "used": [contexts.card(entry) for entry in shown.used[:_SHORT]],
            "certified": [contexts.card(entry) for entry in shown.certified[:_SHORT]],
            "categories": [contexts.group("categories", entry, words) for entry in in_order],
            "workflows": f"{counts.workflows:,}",
            "versions": f"{counts.versions:,}",
            "search_words": search_words(words),
        }

    described: Object = {"@type": "DataCatalog", "name": site.name}
    if site.base_url:
        described["url"] = f"{site.base_url}/"
    yield from render(Page("index.html", "home", worded, described=described), site)
