"""A workflow's own pages: its latest version, and all that changes with time."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.catalogue.model import Line
from registry_tool.site import links
from registry_tool.site.pages import version
from registry_tool.site.pages.rendering import Files
from registry_tool.site.site import Site, Summary


def line_files(line: Line, summary: Summary, dependents: Sequence[Summary], site: Site) -> Files:
    """The workflow's page; `summary` is its own, `dependents` those of the workflows that require it."""
    yield from version.pages(links.line_page(line.name), line.latest, site, line, dependents)
