"""What knows no workflow: it changes with the tool, the templates and the settings alone."""

from __future__ import annotations

from registry_tool.site.contexts import Context, Words
from registry_tool.site.pages.rendering import Files, render
from registry_tool.site.pages.search import search_page
from registry_tool.site.site import Site
from registry_tool.site.templates import assets


def fixed_files(site: Site) -> Files:
    """Assets, the search page, the page for addresses that don't exist, `robots.txt`."""
    yield from assets()
    if site.base_url:
        text = f"User-agent: *\nAllow: /\nSitemap: {site.base_url}/sitemap.xml\n"
        yield "robots.txt", text.encode()

    def worded(words: Words) -> Context:
        return {}

    yield from search_page(site)
    yield from render("404.html", "not_found.html", site, worded)
