"""The catalogue site: every file of it, a pure function of the catalogue (`pages/` says what makes each kind)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from registry_tool.catalogue.documents import by_author, by_category, by_tag, summary
from registry_tool.catalogue.model import Catalogue, Line
from registry_tool.manifest.dating import at
from registry_tool.site.pages.diffs import diff_files
from registry_tool.site.pages.feeds import feed
from registry_tool.site.pages.fixed import fixed_files
from registry_tool.site.pages.groups import groups_page
from registry_tool.site.pages.home import home_files
from registry_tool.site.pages.line import line_files
from registry_tool.site.pages.lists import list_front, list_page
from registry_tool.site.pages.sitemaps import sitemap_index, sitemap_page
from registry_tool.site.pages.stats import stats_files
from registry_tool.site.pages.version import version_files
from registry_tool.site.search.index import search_files
from registry_tool.site.site import Counts, GroupEntry, Highlights, Site, Summary, WorkflowList

_KINDS = {"categories": by_category, "authors": by_author, "tags": by_tag}
_NEWEST = 100


def site_files(catalogue: Catalogue, *, base_url: str = "") -> Iterator[tuple[str, bytes]]:
    """(path from the site's root, bytes) of every file; `base_url` is where the site will be served."""
    site = Site(catalogue.settings, base_url.rstrip("/"))
    summaries = {line.name: summary(catalogue, line) for line in catalogue.lines}
    yield from fixed_files(site)
    yield from _aggregates(catalogue, summaries, site)
    for line in catalogue.lines:
        for version in line.versions:
            yield from version_files(version, site)
        dependents = {version.name for version in catalogue.dependents.get(line.name, ())}
        for before, after in pairwise(line.versions):
            yield from diff_files(before, after, site)
        found = [summaries[name] for name in sorted(dependents)]
        yield from line_files(line, summaries[line.name], found, site)


def _aggregates(
    catalogue: Catalogue, summaries: dict[str, Summary], site: Site
) -> Iterator[tuple[str, bytes]]:
    latest = [summaries[line.name] for line in _newest(catalogue.lines)]
    counts = Counts(len(catalogue.lines), sum(len(line.versions) for line in catalogue.lines))
    yield from search_files(enumerate(summaries[name] for name in sorted(summaries)))
    yield from home_files(counts, Highlights(latest[:60]), _groups(catalogue, "categories"), site)
    yield from stats_files(counts, site)
    yield from _list(WorkflowList("workflows"), latest, site)
    yield from sitemap_page(1, latest, site)
    yield from sitemap_index(1, (), site)
    for kind, grouped in _KINDS.items():
        yield from groups_page(kind, 1, 1, _groups(catalogue, kind), site)
        for key, lines in grouped(catalogue).items():
            title = catalogue.settings.categories.get(key, "") if kind == "categories" else ""
            entries = [summaries[line.name] for line in _newest(lines)]
            yield from _list(WorkflowList(kind, key, title), entries, site)


def _list(of: WorkflowList, entries: list[Summary], site: Site) -> Iterator[tuple[str, bytes]]:
    yield from list_front(of, 1, len(entries), entries[:_NEWEST], site)
    yield from list_page(of, 1, 1, entries, site)
    yield from feed(of, entries[:_NEWEST], site)


def _groups(catalogue: Catalogue, kind: str) -> list[GroupEntry]:
    titles = catalogue.settings.categories if kind == "categories" else {}
    return [
        GroupEntry(key, titles.get(key, ""), len(lines))
        for key, lines in _KINDS[kind](catalogue).items()
    ]


def _newest(lines: Iterable[Line]) -> list[Line]:
    by_name = sorted(lines, key=lambda line: line.name)
    return sorted(by_name, key=lambda line: at(line.latest.released), reverse=True)
