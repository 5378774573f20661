"""What lists and groups say of workflows, as plain values: no template, no disk, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

from registry_tool.site import links
from registry_tool.site.site import GroupEntry, Summary

Context = dict[str, object]
Words = dict[str, str]
MoreWorded = Callable[[Words], Context]


def card(summary: Summary) -> Context:
    """A workflow in a list."""
    author, name = str(summary["author"]), str(summary["name"])
    return {
        "name": name,
        "version": summary["version"],
        "description": summary["description"],
        "author": author,
        "author_url": links.group_page("authors", author),
        "tags": tag_links(cast(list[str], summary["tags"])),
        "url": links.line_page(name),
        "updated": str(summary["updated"] or "")[:10],
        "downloads": f"{downloads:,}" if (downloads := summary.get("downloads")) else "",
        "rating": summary.get("rating"),
        "licence": summary.get("licence") or "",
        "certified": bool(summary.get("certified")),
        "offline": bool(summary.get("offline")),
        "deprecated": bool(summary.get("deprecated")),
        "score": summary.get("score"),
    }


def tag_links(tags: Iterable[str]) -> list[Context]:
    """Tags with their lists."""
    return [{"name": tag, "url": links.group_page("tags", tag)} for tag in tags]


def group(kind: str, entry: GroupEntry, words: Words) -> Context:
    """A category, author or tag with its count and page."""
    named = kind == "categories"
    return {
        "key": entry.key,
        "title": category_title(entry.title, entry.key, words) if named else entry.key,
        "count": entry.count,
        "url": links.group_page(kind, entry.key),
    }


def category_title(title: str, key: str, words: Words) -> str:
    """A category's title: the settings' own (translated, where they say so), a language's word, or its key's."""
    own = words.get(f"own_category_{key}") or title
    return own or words.get(f"category_{key}") or key.replace("-", " ").capitalize()
