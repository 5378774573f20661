"""A version's own page: as immutable as the version, but for what its owners say of it later."""

from __future__ import annotations

from registry_tool.catalogue.model import PublishedVersion
from registry_tool.core.values import Object
from registry_tool.site import links
from registry_tool.site.contexts import Context, MoreWorded, Words
from registry_tool.site.facts.version import readme_text, version_facts
from registry_tool.site.facts.worded import worded as in_words
from registry_tool.site.pages.rendering import Files, Page, absolute, render
from registry_tool.site.site import Site


def version_files(version: PublishedVersion, site: Site) -> Files:
    """The pages of one version."""
    page = links.version_page(version.name, version.number)
    yield from pages(page, version, site, lambda _: {"line": None})


def pages(page: str, version: PublishedVersion, site: Site, more: MoreWorded) -> Files:
    """A version's page at an address; `more` gives what the workflow's own page says besides."""
    found = version_facts(version, site)

    def worded(words: Words) -> Context:
        return {
            "title": f"{version.name} {version.number}",
            "w": in_words(found, version, words),
            "readme": readme_text(version),
            **more(words),
        }

    about = version.workflow.metadata.description
    described = _described(page, version, site)
    yield from render(Page(page, "workflow", worded, about, described), site)


def _described(page: str, version: PublishedVersion, site: Site) -> Object:
    about = version.workflow.metadata
    found: Object = {
        "@type": "SoftwareSourceCode",
        "name": about.name,
        "version": about.version,
        "description": about.description,
        "license": about.license,
        "author": {"@type": "Person", "name": about.author} if about.author else None,
        "keywords": list(about.tags),
        "datePublished": version.released,
        "url": absolute(site, page) if site.base_url else "",
    }
    return {key: value for key, value in found.items() if value}
