"""Headings' anchors, which a page and its translation share."""

from __future__ import annotations

from registry_tool.site.documents.anchors import anchor_in, anchors, own_anchors
from registry_tool.site.documents.articles import Article, documents


def test_anchors_are_those_that_github_gives() -> None:
    text = "## `llm` & more\n\n```\n## none\n```\n\n## A\n\n## A\n\n### 安装 它"
    article = Article("x", "X", text, "x.md")
    assert anchors(article) == ("llm--more", "a", "a-1", "安装-它")


def test_a_translation_has_the_english_anchors_and_knows_its_own() -> None:
    english, chinese = (documents(language)["tutorial"] for language in ("en", "zh"))
    assert anchors(chinese) == anchors(english) == own_anchors(english)
    assert anchor_in(chinese, own_anchors(chinese)[0]) == own_anchors(english)[0]
    assert anchor_in(english, "unknown") == "unknown"


def test_a_translation_of_other_headings_keeps_its_own() -> None:
    assert anchors(Article("tutorial", "X", "## 安装", "zh/tutorial.md", "zh")) == ("安装",)
