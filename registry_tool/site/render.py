"""Which page functions make which part of the output; a part is written anew as a whole, and nothing else is.

| part | made of |
| --- | --- |
| a version | the version |
| a difference | two neighbouring versions |
| a line | the workflow, its summary, what is shown of its dependents |
| a page, a front | the summaries of a list's page; its latest updates |
| a page of groups | keys and counts |
| the whole | counts, highlights, categories, requirements |
| what is deployed | the state branches, where the settings want it shown |
| what is fixed | the settings, the templates, the tool |
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from registry_tool.catalogue.model import Line, PublishedVersion
from registry_tool.core.values import Object
from registry_tool.site.documents.outline import all_pages
from registry_tool.site.links import list_front
from registry_tool.site.pages.dependencies import DEPENDENCIES, dependency_files
from registry_tool.site.pages.deployed import DEPLOYMENTS, deployed_files
from registry_tool.site.pages.diffs import diff_files
from registry_tool.site.pages.feeds import feed
from registry_tool.site.pages.fixed import fixed_files
from registry_tool.site.pages.groups import groups_page
from registry_tool.site.pages.home import home_files
from registry_tool.site.pages.line import line_files
from registry_tool.site.pages.lists import list_front as front_files
from registry_tool.site.pages.lists import list_page
from registry_tool.site.pages.plain import plain_diff, plain_line, plain_version
from registry_tool.site.pages.reference import reference_files
from registry_tool.site.pages.rendering import Files
from registry_tool.site.pages.sitemaps import sitemap_index, sitemap_page
from registry_tool.site.pages.stats import stats_files
from registry_tool.site.pages.version import version_files
from registry_tool.site.site import Counts, GroupEntry, Highlights, Site, Summary, WorkflowList

ALL = "workflows"


def version_part(version: PublishedVersion, site: Site) -> Files:
    """A version's own pages."""
    return version_files(version, site)


def line_part(line: Line, summary: Summary, dependents: Sequence[Summary], site: Site) -> Files:
    """A workflow's pages, and all that changes with time."""
    return line_files(line, summary, dependents, site)


def diff_part(before: PublishedVersion, after: PublishedVersion, site: Site) -> Files:
    """The difference between two neighbours."""
    return diff_files(before, after, site)


def plain_version_part(version: PublishedVersion, site: Site) -> Files:
    """A version's page where its full form can't be made."""
    return plain_version(version, site)


def plain_line_part(line: Line, site: Site) -> Files:
    """A workflow's pages where their full form can't be made."""
    return plain_line(line, site)


def plain_diff_part(before: PublishedVersion, after: PublishedVersion, site: Site) -> Files:
    """The page of a difference that can't be shown."""
    return plain_diff(before, after, site)


def page_part(
    of: WorkflowList, page: int, pages: int, entries: Sequence[Summary], site: Site
) -> Files:
    """A page of a list; of all workflows, its part of the sitemap, too."""
    yield from list_page(of, page, pages, entries, site)
    if of.kind == ALL:
        yield from sitemap_page(page, entries, site)


def front_part(
    of: WorkflowList, pages: int, total: int, latest: Sequence[Summary], site: Site
) -> Files:
    """A list's front and feed, which show its latest updates."""
    yield from front_files(of, pages, total, latest, site)
    yield from feed(of, latest, site)


def groups_part(
    kind: str, page: int, pages: int, entries: Sequence[GroupEntry], site: Site
) -> Files:
    """A page of the categories, authors or tags."""
    return groups_page(kind, page, pages, entries, site)


def whole_part(  # noqa: PLR0913, PLR0917 - one place for each thing that is shown
    counts: Counts,
    shown: Highlights,
    categories: Sequence[GroupEntry],
    groups: Iterable[tuple[str, str]],
    pages: int,
    site: Site,
) -> Files:
    """What is said of the whole registry; `groups` are (kind, key), `pages` those of all workflows."""
    yield from home_files(counts, shown, categories, site)
    yield from stats_files(counts, site)
    yield from dependency_files(counts, site)
    yield from sitemap_index(
        pages, [*_own_pages(site), *(list_front(*group) for group in groups)], site
    )


def _own_pages(site: Site) -> Iterable[str]:
    yield from all_pages()
    yield "api/index.html"
    yield "stats/index.html"
    yield DEPENDENCIES
    if site.deployed is not None:
        yield DEPLOYMENTS


def deployed_part(site: Site) -> Files:
    """What serves where, with runs and health."""
    return deployed_files(site)


def fixed_part(openapi: Object, site: Site) -> Files:
    """What changes with the settings, the templates and the tool alone; `openapi` describes the API."""
    yield from fixed_files(site)
    yield from reference_files(openapi, site)
