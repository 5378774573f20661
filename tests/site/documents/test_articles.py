"""Which pages of documentation there are."""

from __future__ import annotations

from registry_tool.engine.edges.all_edges import ALL_EDGES
from registry_tool.rules.all_rules import ALL_RULES
from registry_tool.site.documents.articles import (
    INDEX,
    docs_folder,
    documents,
    rules,
    rules_front,
    title_of,
    translated,
)


def test_every_file_of_the_documentation_is_a_page() -> None:
    files = {path.relative_to(docs_folder()).as_posix() for path in docs_folder().rglob("*.md")}
    decisions = {file for file in files if file.startswith("adr/")}
    pages = {page.file for language in ("en", "zh") for page in documents(language).values()}
    assert files - decisions - pages == {"rules.md"}


def test_each_type_of_edge_has_its_example() -> None:
    assert {f"edges/{name}" for name in ALL_EDGES} <= set(documents())
    assert documents()["edges/llm"].title == "llm: a complete example"


def test_a_translation_goes_before_the_english_page() -> None:
    assert translated("tutorial", "zh").title == "您的第一个工作流"
    assert "English:" not in translated("tutorial", "zh").text  # the page has a switch
    assert translated("manifest", "zh") is documents()["manifest"]
    assert set(documents("zh")) <= set(documents())
    assert INDEX in documents("zh")


def test_each_rule_is_a_page_and_stands_on_the_front() -> None:
    assert {rule.id for rule in ALL_RULES} <= set(rules())
    assert all(f"[`{name}`](#{name})" in rules_front().text for name in rules())


def test_a_page_has_a_title_in_a_language_that_has_not_its_text() -> None:
    assert title_of("importers", "zh") == "从其他编辑器导入"
    assert title_of("authors", "zh") == "作者指南"
    assert title_of("edges/llm", "zh") == "llm: a complete example"
    assert title_of("importers", "en") == "Come from another editor"
