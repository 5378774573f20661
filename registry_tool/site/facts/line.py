"""What changes with time, for a workflow's own page: versions, dependents, owners, downloads."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.catalogue.downloads import weekly_growth
from registry_tool.catalogue.model import Line, PublishedVersion
from registry_tool.site import links
from registry_tool.site.contexts import Context, card
from registry_tool.site.dependency_picture import dependency_picture
from registry_tool.site.download_chart import SHOWN
from registry_tool.site.site import Summary


def line_facts(line: Line, summary: Summary, dependents: Sequence[Summary]) -> Context:
    """What changes with time, for the workflow's own page."""
    return {
        "versions": [_version(line, item, below) for item, below in _with_predecessors(line)],
        "dependents": [card(item) for item in dependents],
        "picture": dependency_picture(
            line.name,
            [need.name for need in line.latest.workflow.requires if need.registry == "public"],
            [str(item["name"]) for item in dependents],
            line.name,
        ),
        "certified": line.certified,
        "downloads": f"{summary.get('downloads') or 0:,}",
        "weeks": [*weekly_growth(line.weeks)][-SHOWN:],
        "downloads_url": links.downloads_url(line.name),
        "rating": summary.get("rating"),
        "owners": [owner.login for owner in line.owners.owners],
        "collaborators": [owner.login for owner in line.owners.collaborators],
        "deprecated": line.owners.deprecated,
        "feed_url": links.line_feed(line.name),
        "badge_url": links.badge(line.name),
        "compare_url": links.compare_page(line.name) if len(line.versions) > 1 else "",
    }


def _with_predecessors(
    line: Line,
) -> list[tuple[PublishedVersion, PublishedVersion | None]]:
    """Versions, newest first, each with the one below it."""
    before: list[PublishedVersion | None] = [None, *line.versions[:-1]]
    return list(zip(line.versions, before, strict=True))[::-1]


def _version(line: Line, version: PublishedVersion, below: PublishedVersion | None) -> Context:
    return {
        "number": version.number,
        "url": links.version_page(version.name, version.number),
        "released": version.released[:10],
        "yanked": bool(version.yanked),
        "certified": line.owners.certified.get(version.number),
        "noticed": version.notice is not None and not version.yanked,
        "diff_url": links.diff_page(version.name, below.number, version.number) if below else "",
        "below": below.number if below else "",
    }
