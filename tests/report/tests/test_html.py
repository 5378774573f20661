from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

from registry_tool.report.tests.html import html_of_tests
from tests.report.tests.cases import CASES, REPORT, on_model

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


class Seen(HTMLParser):
    """Every tag with its attributes, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def page_of(*reports: object) -> str:
    return html_of_tests(reports, NOON).decode()  # type: ignore[arg-type]


def test_a_hostile_name_is_only_text() -> None:
    page = Seen(page_of(REPORT))
    assert "script" not in {tag for tag, _ in page.tags}
    assert "<script>alert(1)</script>\\u202e" in page.words
    assert not [attrs for _, attrs in page.tags if {"src", "href", "onclick"} & attrs.keys()]


def test_it_says_who_answered_and_how_it_went() -> None:
    words = Seen(page_of(REPORT)).words
    for message in (
        "1 passed, 2 failed, 1 inconclusive",
        "answers written by hand: classify",
        "The manifest's model did not answer: answered by tiny instead of gpt-4.",
        "inconclusive (3 of 4 runs",
        "Run on 2026-01-02 at 12:00 UTC.",
    ):
        assert message in words


def test_its_only_style_is_the_one_that_its_policy_names() -> None:
    page = page_of(REPORT)
    (style,) = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page
    assert 'style="' not in page


def test_models_stand_side_by_side() -> None:
    words = Seen(page_of(on_model("big", *CASES[:2]), on_model("small", *CASES[:2]))).words
    assert "big answered instead of gpt-4, which the manifest names." in words
    assert "50% (of 4 runs)" in words
    assert "$0.0020" in words
    assert "Tests on small" in words
