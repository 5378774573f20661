"""Lists of categories, authors and tags."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.site import contexts, links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.pages.rendering import Files, Page, render
from registry_tool.site.site import GroupEntry, Site


def groups_page(
    kind: str, page: int, pages: int, entries: Sequence[GroupEntry], site: Site
) -> Files:
    """Page `page` (from 1, which is the front) of the groups of a kind; `pages` tells whether one follows."""

    def worded(words: Words) -> Context:
        return {
            "title": words[kind],
            "groups": [contexts.group(kind, entry, words) for entry in entries],
            "older": links.groups_page(kind, page + 1) if page < pages else "",
            "newer": links.groups_page(kind, page - 1) if page > 1 else "",
        }

    yield from render(Page(links.groups_page(kind, page), "groups", worded), site)
