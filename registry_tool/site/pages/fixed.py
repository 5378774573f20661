"""What knows no workflow: it changes with the tool, the templates and the settings alone."""

from __future__ import annotations

from registry_tool.core.files import pretty_json
from registry_tool.core.values import Object
from registry_tool.site.contexts import Context, Words
from registry_tool.site.documents.articles import INDEX, documents
from registry_tool.site.pages.articles import article_files
from registry_tool.site.pages.rendering import Files, Page, absolute_root, render
from registry_tool.site.pages.search import search_page
from registry_tool.site.site import Site
from registry_tool.site.templates import assets, messages


def fixed_files(site: Site) -> Files:
    """Assets, documentation, rules, the page for addresses that don't exist, and what machines look for first."""
    yield from assets()
    yield "robots.txt", _robots(site)
    yield "llms.txt", _llms(site)
    yield ".well-known/workflow-registry.json", pretty_json(_discovery(site)).encode()
    yield from article_files(site)
    yield from search_page(site)

    def worded(words: Words) -> Context:
        return {"title": words["not_found"]}

    # The page answers at any depth, so its links start at the site's root wherever that is known.
    page = Page("404.html", "not_found", worded, twin=False, root=absolute_root(site))
    yield from render(page, site)


def _robots(site: Site) -> bytes:
    sitemap = f"Sitemap: {site.base_url}/sitemap.xml\n" if site.base_url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}".encode()


def _discovery(site: Site) -> Object:
    return {"name": site.name, "url": site.address, "api": "api/v1/index.json"}


def _llms(site: Site) -> bytes:
    """What there is for language models (https://llmstxt.org): every page has a Markdown twin."""
    words = messages("en")
    base = f"{site.base_url}/" if site.base_url else ""
    docs = "\n".join(
        f"- [{page.title}]({base}docs/{page.name}/index.md)"
        for page in documents().values()
        if page.name != INDEX
    )
    return (
        f"# {site.name}\n\n> {site.settings.description or words['tagline']}\n\n"
        "Every page `…/index.html` has a Markdown twin `…/index.md`; every workflow is also a JSON document.\n\n"
        f"## Workflows\n\n- [Latest updates]({base}workflows/index.md)\n"
        f"- [Categories]({base}categories/index.md)\n- [Tags]({base}tags/index.md)\n"
        f"- [JSON API]({base}api/v1/index.json)\n- [OpenAPI]({base}api/v1/openapi.json)\n\n"
        f"## For agents\n\n- [Skills]({base}.well-known/agent-skills/index.json)\n"
        f"- [Workflows as tools]({base}docs/agents/index.md)\n\n"
        f"## Documentation\n\n{docs}\n- [Rules]({base}rules/index.md)\n"
    ).encode()
