"""A page that says no more than what it is of: where its full form can't be made."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.catalogue.model import Line, PublishedVersion
from registry_tool.site import links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.pages.badges import line_badge
from registry_tool.site.pages.diffs import compare_files
from registry_tool.site.pages.feeds import line_feed
from registry_tool.site.pages.rendering import Files, Page, render
from registry_tool.site.site import Site
from registry_tool.store.paths import package_file


def plain_version(version: PublishedVersion, site: Site) -> Files:
    """The notice in place of a version's page."""
    page = links.version_page(version.name, version.number)
    yield from _page(page, f"{version.name} {version.number}", [version], site)


def plain_line(line: Line, site: Site) -> Files:
    """The notice in place of a workflow's page, with its versions; what else changes with time."""
    newest = tuple(reversed(line.versions))
    yield from _page(links.line_page(line.name), line.name, newest, site)
    yield from line_feed(line, site, notes=False)
    yield from compare_files(line, site)
    yield line_badge(line)


def plain_diff(before: PublishedVersion, after: PublishedVersion, site: Site) -> Files:
    """The notice in place of a page of differences."""
    page = links.diff_page(after.name, before.number, after.number)
    title = f"{after.name} {before.number} → {after.number}"
    yield from _page(page, title, [after, before], site)


def _page(page: str, title: str, versions: Sequence[PublishedVersion], site: Site) -> Files:
    def worded(_: Words) -> Context:
        shown = [
            {
                "number": version.number,
                "url": links.version_page(version.name, version.number),
                "package_name": package_file(version.name, version.number),
                "package_url": links.package_url(version),
                "json_url": links.json_url(version),
            }
            for version in versions
        ]
        return {"title": title, "versions": shown}

    yield from render(Page(page, "plain", worded, title), site)
