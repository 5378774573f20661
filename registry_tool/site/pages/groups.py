"""Lists of categories, authors and tags."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.site import contexts, links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.pages.rendering import Files, Page, render
from registry_tool.site.site import GroupEntry, Site

REST = "uncategorized"
"""The category of workflows that have none."""


def groups_page(
    kind: str, page: int, pages: int, entries: Sequence[GroupEntry], site: Site
) -> Files:
    """Page `page` (from 1, which is the front) of the groups of a kind; `pages` says whether one follows."""

    def worded(words: Words) -> Context:
        return {
            "title": words[kind],
            "groups": sorted((contexts.group(kind, entry, words) for entry in entries), key=_place),
            "older": links.groups_page(kind, page + 1) if page < pages else "",
            "newer": links.groups_page(kind, page - 1) if page > 1 else "",
        }

    yield from render(Page(links.groups_page(kind, page), "groups", worded), site)


def _place(group: Context) -> tuple[bool, str, str]:
    """On a page by title, what has no category last; pages are in order of first publication."""
    key, title = str(group["key"]), str(group["title"])
    return key == REST, title.casefold(), key
