"""The order of the documentation's pages, which the front page gives."""

from __future__ import annotations

import pytest

from registry_tool.site.documents.articles import documents
from registry_tool.site.documents.leads import doc_page
from registry_tool.site.documents.outline import all_pages, edge_pages, outline


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_front_names_every_page_once_but_the_edges_examples(language: str) -> None:
    listed = [page for _, pages in outline(language) for _, page in pages]
    assert len(listed) == len(set(listed))
    plain = {doc_page(name) for name in documents() if "/" not in name}
    assert set(listed) == plain - {"docs/index.html"} | {"rules/index.html"}


def test_each_language_has_its_own_titles() -> None:
    (heading, pages), *_ = outline("en")
    assert (heading, pages) == ("Tutorial", [("Your first workflow", "docs/tutorial/index.html")])
    (heading, pages), *_ = outline("zh")
    assert (heading, pages) == ("教程", [("您的第一个工作流", "docs/tutorial/index.html")])


def test_all_pages_are_the_documents_and_the_rules() -> None:
    pages = all_pages()
    assert {"docs/index.html", "docs/edges/llm/index.html", "rules/license/index.html"} <= set(
        pages
    )
    ((title, examples),) = edge_pages()
    assert title == "Edge types"
    assert {page for _, page in examples} <= set(pages)
