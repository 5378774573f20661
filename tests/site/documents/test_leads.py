"""Where links of the documentation lead on the site."""

from __future__ import annotations

import pytest

from registry_tool.site.documents.articles import documents, rules
from registry_tool.site.documents.leads import lead


@pytest.mark.parametrize(
    ("name", "language", "href", "address"),
    [
        ("authors", "en", "manifest.md", "docs/manifest/index.html"),
        ("authors", "en", "../docs/manifest.md", None),
        ("authors", "en", "rules.md#license", "rules/license/index.html"),
        ("authors", "en", "rules.md", "rules/index.html"),
        ("authors", "en", "edges/llm.md", "docs/edges/llm/index.html"),
        ("README", "en", "edges", "docs/edges/index.html"),
        ("README", "en", "adr", None),
        ("authors", "en", "../CONTRIBUTING.md", None),
        ("edges/llm", "en", "../edges.md#llm", "docs/edges/index.html#llm"),
        ("edges/map", "en", "search.md", "docs/edges/search/index.html"),
        # a page in the reader's language, whichever is named
        ("manifest", "en", "zh/authors.md", "docs/authors/index.html"),
        ("authors", "zh", "../authors.md", "docs/authors/index.html"),
        ("authors", "zh", "../manifest.md", "docs/manifest/index.html"),
        ("authors", "zh", "operators.md", "docs/operators/index.html"),
    ],
)
def test_a_link_leads_to_a_page(name: str, language: str, href: str, address: str | None) -> None:
    found = lead(documents(language)[name], href)
    assert (found and found.path) == address


def test_a_rules_own_anchor_leads_to_the_other_rule() -> None:
    found = lead(rules()["tree-objects"], "#ownership")
    assert found is not None
    assert found.page == "rules/ownership/index.html"


def test_a_page_is_called_as_in_the_language_that_leads_there() -> None:
    for language, title in (("en", "For operators"), ("zh", "运维指南")):
        found = lead(documents(language)["authors"], "operators.md")
        assert found is not None
        assert found.title == title
