"""Lists of workflows: the newest first on the front page, pages of slots behind it."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.site import contexts, links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.pages.rendering import Files, Page, render
from registry_tool.site.site import Site, Summary, WorkflowList


def list_front(
    of: WorkflowList, pages: int, total: int, entries: Sequence[Summary], site: Site
) -> Files:
    """A list's front page with `entries` as they come (the latest updates), and links to its `pages`."""
    older = links.list_page(of.kind, of.key, pages) if total > len(entries) else ""
    ends: Context = {"total": total, "page_number": 0, "older": older, "newer": ""}
    yield from _page(links.list_front(of.kind, of.key), of, entries, ends, site)


def list_page(
    of: WorkflowList, page: int, pages: int, entries: Sequence[Summary], site: Site
) -> Files:
    """Page `page` (from 1) of a list: the entries of its slots. Of `pages` it only tells whether one follows."""
    ends: Context = {
        "total": None,
        "page_number": page,
        "older": links.list_page(of.kind, of.key, page - 1) if page > 1 else "",
        "newer": links.list_page(of.kind, of.key, page + 1)
        if page < pages
        else links.list_front(of.kind, of.key),
    }
    yield from _page(links.list_page(of.kind, of.key, page), of, entries, ends, site)


def _page(
    page: str, of: WorkflowList, entries: Sequence[Summary], ends: Context, site: Site
) -> Files:
    cards = [contexts.card(entry) for entry in entries]

    def worded(words: Words) -> Context:
        kind = (words[of.kind], links.list_front(of.kind, ""))
        return {
            "title": title(of, words),
            "items": cards,
            "steps": [kind] if of.key else [],
            "feed_url": links.feed(of.kind, of.key),
            "query": links.qualifier(of.kind, of.key),
            **ends,
        }

    yield from render(Page(page, "listing", worded), site)


def title(of: WorkflowList, words: Words) -> str:
    """What a list is called."""
    if not of.key:
        return words[of.kind]
    return contexts.category_title(of.title, of.key, words) if of.kind == "categories" else of.key
