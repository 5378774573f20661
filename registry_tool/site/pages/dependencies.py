"""What workflows of the registry require of each other: a picture where it can be drawn, and lists."""

from __future__ import annotations

from typing import Final

from registry_tool.site import links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.dependency_picture import registry_picture, width_of
from registry_tool.site.diagram import width_class
from registry_tool.site.pages.rendering import Files, Page, render
from registry_tool.site.site import Counts, Site

DEPENDENCIES: Final = "dependencies/index.html"
_MOST = 50
_PAGE = 1160
"""Pixels that a picture has on a page without a margin."""


def dependency_files(counts: Counts, site: Site) -> Files:
    """`dependencies/`: the picture of all requirements, what each workflow requires, and the most required."""
    ranked = sorted(counts.required.items(), key=lambda item: (-item[1], item[0]))[:_MOST]

    def worded(words: Words) -> Context:
        picture = registry_picture(counts.requires, words["dependencies"], "../workflows/")
        return {
            "title": words["dependencies"],
            "picture": picture,
            "picture_wide": width_class(width_of(picture), _PAGE) if picture else None,
            "total": sum(counts.required.values()),
            "required": [(name, links.line_page(name), count) for name, count in ranked],
            "requires": [
                (name, links.line_page(name), [(need, links.line_page(need)) for need in needs])
                for name, needs in counts.requires.items()
            ],
        }

    yield from render(Page(DEPENDENCIES, "dependencies", worded), site)
