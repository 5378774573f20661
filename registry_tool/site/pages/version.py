"""A version's own page: as immutable as the version, but for what its owners say of it later."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.catalogue.model import Line, PublishedVersion
from registry_tool.site import contexts, links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.pages.rendering import Files, render
from registry_tool.site.site import Site, Summary


def version_files(version: PublishedVersion, site: Site) -> Files:
    """The pages of one version."""
    yield from pages(links.version_page(version.name, version.number), version, site)


def pages(
    page: str,
    version: PublishedVersion,
    site: Site,
    line: Line | None = None,
    dependents: Sequence[Summary] = (),
) -> Files:
    """A version's page at an address; the workflow's own has `line` and `dependents`."""
    found = contexts.workflow(version, site, line, dependents)

    def worded(words: Words) -> Context:
        return {
            "title": f"{version.name} {version.number}",
            "w": contexts.worded(found, version, words),
        }

    yield from render(page, "workflow.html", site, worded, version.workflow.metadata.description)
