"""Atom feeds: the latest updates of all workflows, a category, an author or a tag, and a workflow's versions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from registry_tool.catalogue.model import Line, PublishedVersion
from registry_tool.core.segments import path_segment
from registry_tool.manifest.dating import at, moment
from registry_tool.site import links
from registry_tool.site.contexts import Context
from registry_tool.site.markdown import clean_html_once
from registry_tool.site.pages.rendering import Files
from registry_tool.site.release_notes import release_notes
from registry_tool.site.site import Site, Summary, WorkflowList
from registry_tool.site.templates import environment

_FULL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)")
_WITH_NOTES = (
    20  # entries: a workflow of a thousand versions compares no thousand pairs at each publish
)
_NEVER = "1970-01-01T00:00:00Z"  # an Atom feed has a date even where it has no entry


def feed(of: WorkflowList, entries: Sequence[Summary], site: Site) -> Files:
    """The feed of a list, newest first; entries without a date stay out."""
    title = f"{site.name}: {of.title or of.key}" if of.key else site.name
    shown = [
        _entry(str(item["name"]), str(item["version"]), str(item["updated"]), item["description"])
        for item in entries
        if item["updated"]
    ]
    yield from _feed(links.feed(of.kind, of.key), title, shown, site)


def line_feed(line: Line, site: Site, *, notes: bool = True) -> Files:
    """The feed of a workflow's versions, newest first; `notes` tell what changed in the latest of them."""
    below = {after.number: before for before, after in pairwise(line.versions)}
    highest_first = reversed(line.versions)  # of two of one moment the higher is the newer
    newest = sorted(highest_first, key=lambda item: at(item.released), reverse=True)
    shown = [
        {
            **_entry(line.name, version.number, version.released, description),
            "notes": _notes(below.get(version.number), version)
            if notes and position < _WITH_NOTES
            else "",
        }
        for position, version in enumerate(newest)
        if version.released
        for description in [version.workflow.metadata.description]
    ]
    yield from _feed(links.line_feed(line.name), f"{site.name}: {line.name}", shown, site)


def _notes(before: PublishedVersion | None, after: PublishedVersion) -> str:
    """HTML, to be escaped, since that is what readers of feeds show; nothing for a first version."""
    return str(clean_html_once(release_notes(before, after))) if before else ""


def _feed(page: str, title: str, entries: Sequence[Context], site: Site) -> Files:
    base = f"{site.base_url}/" if site.base_url else links.up(page)
    known = f"{site.base_url}/{page}" if site.base_url else ""
    text = (
        environment()
        .get_template("feed.xml")
        .render(
            registry=site.settings,
            feed_title=title,
            base=base,
            self_url=known,
            feed_id=known or f"urn:registry:{path_segment(site.name)}:{page}",
            updated=entries[0]["released"] if entries else _NEVER,
            entries=entries,
        )
    )
    yield page, text.encode()


def _entry(name: str, number: str, released: str, description: object) -> Context:
    return {
        "name": name,
        "version": number,
        "released": instant(released),
        "description": description,
        "url": links.version_page(name, number),
        "notes": "",
    }


def instant(written: str) -> str:
    """A full RFC 3339 moment, as Atom wants it, from what a manifest may write."""
    return written if _FULL.fullmatch(written) else moment(at(written))
