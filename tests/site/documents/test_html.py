"""An article as HTML and as Markdown: links lead to pages, and what is in the repository alone is text."""

from __future__ import annotations

from registry_tool.site.documents.articles import Article
from registry_tool.site.documents.html import html, markdown

TEXT = (
    "See [manifest.md](manifest.md), [*how*](tests.md#repeats), [code](../registry_tool), [up](#a-b),"
    " [out](https://example.com).\n\n## A b\n\n```\n[kept](manifest.md)\n```\n"
)
ARTICLE = Article("authors", "For authors", TEXT, "authors.md")


def test_links_lead_to_pages_and_show_their_titles() -> None:
    found = html(ARTICLE, "../../")
    assert ">The manifest</a>" in found
    assert 'href="../../docs/manifest/index.html"' in found
    assert 'href="../../docs/tests/index.html#repeats"' in found
    assert "<em>how</em></a>, code, <a" in found
    assert 'href="#a-b"' in found
    assert '<h2 id="a-b">' in found
    assert 'href="https://example.com"' in found
    assert "[kept](manifest.md)" in found


def test_the_twin_leads_to_twins() -> None:
    assert markdown(ARTICLE, "../../") == (
        "See [The manifest](../../docs/manifest/index.md), [*how*](../../docs/tests/index.md#repeats), code, "
        "[up](#a-b), [out](https://example.com).\n\n## A b\n\n```\n[kept](manifest.md)\n```\n"
    )
