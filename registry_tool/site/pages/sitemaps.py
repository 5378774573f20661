"""`sitemap.xml`: an index of one sitemap a page of the list of all workflows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from registry_tool.site import links
from registry_tool.site.pages.rendering import Files, absolute
from registry_tool.site.site import Site, Summary

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap_page(page: int, entries: Sequence[Summary], site: Site) -> Files:
    """The sitemap of page `page` of all workflows; nothing where nobody knows the site's address."""
    if site.base_url:
        pages = [links.line_page(str(entry["name"])) for entry in entries]
        yield f"sitemaps/workflows-{page}.xml", _urls(pages, site)


def sitemap_index(pages: int, groups: Iterable[str], site: Site) -> Files:
    """`sitemap.xml` over `pages` sitemaps of workflows, and the sitemap of the pages that lead to them."""
    if site.base_url:
        names = ["site", *(f"workflows-{page}" for page in range(1, pages + 1))]
        locations = "".join(
            f"<sitemap><loc>{site.base_url}/sitemaps/{name}.xml</loc></sitemap>" for name in names
        )
        text = f'{_HEAD}<sitemapindex xmlns="{_SPACE}">{locations}</sitemapindex>\n'
        yield "sitemap.xml", text.encode()
        yield "sitemaps/site.xml", _urls(["index.html", *groups], site)


def _urls(pages: Iterable[str], site: Site) -> bytes:
    locations = "".join(f"<url><loc>{escape(absolute(site, page))}</loc></url>" for page in pages)
    return f'{_HEAD}<urlset xmlns="{_SPACE}">{locations}</urlset>\n'.encode()
