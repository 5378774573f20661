"""Lists of workflows: the newest first on the front page, pages of slots behind it."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.site import contexts, links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.pages.rendering import Files, render
from registry_tool.site.site import Site, Summary, WorkflowList


def list_front(
    of: WorkflowList, pages: int, total: int, entries: Sequence[Summary], site: Site
) -> Files:
    """A list's front page with `entries` as they come (the latest updates), and links to its `pages`."""
    yield from _page(links.list_front(of.kind, of.key), of, entries, site)


def list_page(
    of: WorkflowList, page: int, pages: int, entries: Sequence[Summary], site: Site
) -> Files:
    """Page `page` (from 1) of a list: the entries of its slots. Of `pages` it only tells whether one follows."""
    yield from _page(links.list_page(of.kind, of.key, page), of, entries, site)


def _page(page: str, of: WorkflowList, entries: Sequence[Summary], site: Site) -> Files:
    def worded(words: Words) -> Context:
        return {
            "title": of.title or contexts.group_title(of.kind, of.key) or words[of.kind],
            "items": [contexts.card(entry) for entry in entries],
            "kind": words[of.kind],
            "kind_url": links.list_front(of.kind, ""),
        }

    yield from render(page, "listing.html", site, worded)
