"""The report of `puppy-cli test --html` in a real Chromium: accessible, whole on a phone, quiet, inert."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry_tool.report.tests.html import html_of_tests
from tests.e2e.chromium import CHROMIUM, opened
from tests.e2e.test_pages_in_a_browser import AXE, WRONG, look_like
from tests.node_tools import node_tool
from tests.report.tests.cases import HOSTILE, on_model

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        CHROMIUM is None, reason="Chromium is not installed: the report was not looked at"
    ),
]


def test_a_report_is_accessible_whole_and_quiet(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    reports = [on_model("big/model"), on_model("small")]
    file.write_bytes(html_of_tests(reports, datetime(2026, 1, 2, tzinfo=UTC)))
    with opened(tmp_path / "browser") as page:
        wrong: list[object] = []
        for theme, width in (("light", 1280), ("dark", 390)):
            look_like(page, theme, width)
            page.open(file.as_uri())
            assert HOSTILE[:6] in page.text("main")
            page.evaluate(node_tool(AXE).read_text() + ";0")
            wrong += page.evaluate(WRONG)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            wrong += [f"{wide} pixels too wide"] if wide > 0 else []
        assert wrong + page.complaints == []
        assert [url for url in page.requests if not url.startswith("file:")] == []
