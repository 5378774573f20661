"""The registry in numbers."""

from __future__ import annotations

from registry_tool.site.pages.rendering import Files
from registry_tool.site.site import Counts, Site


def stats_files(counts: Counts, site: Site) -> Files:
    """`stats/`: how much there is, by facet and month."""
    yield from ()
