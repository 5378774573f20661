"""Atom feeds: the latest updates of all workflows, of a category, an author or a tag."""

from __future__ import annotations

import re
from collections.abc import Sequence

from registry_tool.manifest.dating import at, moment
from registry_tool.site import links
from registry_tool.site.contexts import Context
from registry_tool.site.pages.rendering import Files
from registry_tool.site.site import Site, Summary, WorkflowList
from registry_tool.site.templates import environment

_FULL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)")
_NEVER = "1970-01-01T00:00:00Z"  # an Atom feed has a date even where it has no entry


def feed(of: WorkflowList, entries: Sequence[Summary], site: Site) -> Files:
    """The feed of a list, newest first; entries without a date stay out."""
    shown = [_entry(summary) for summary in entries if summary["updated"]]
    page = links.feed(of.kind, of.key)
    text = (
        environment()
        .get_template("feed.xml")
        .render(
            registry=site.settings,
            root=site.base_url,
            page=page,
            feed_id=f"{site.base_url}/{page}"
            if site.base_url
            else f"urn:registry:{links.segment(site.name)}:{page}",
            updated=shown[0]["released"] if shown else _NEVER,
            entries=shown,
        )
    )
    yield page, text.encode()


def _entry(summary: Summary) -> Context:
    name, number = str(summary["name"]), str(summary["version"])
    return {
        "name": name,
        "version": number,
        "released": instant(str(summary["updated"])),
        "description": summary["description"],
        "url": links.version_page(name, number),
    }


def instant(written: str) -> str:
    """A full RFC 3339 moment, as Atom wants it, from what a manifest may write."""
    return written if _FULL.fullmatch(written) else moment(at(written))
