"""The home page."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.site import contexts
from registry_tool.site.contexts import Context, Words
from registry_tool.site.pages.rendering import Files, render
from registry_tool.site.pages.search import search_words
from registry_tool.site.site import Counts, GroupEntry, Highlights, Site


def home_files(
    counts: Counts, shown: Highlights, categories: Sequence[GroupEntry], site: Site
) -> Files:
    """The home page, in every language."""

    def worded(words: Words) -> Context:
        return {
            "items": [contexts.card(entry) for entry in shown.latest],
            "categories": [contexts.group("categories", entry) for entry in categories],
            "workflows": counts.workflows,
            "versions": counts.versions,
            "search_words": search_words(words),
        }

    yield from render("index.html", "home.html", site, worded)
