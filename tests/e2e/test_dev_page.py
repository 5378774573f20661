"""`puppy-cli dev --serve` as an author uses it: a real process, a real Chromium, a real save."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.cli.author.test_dev import started
from tests.commands.author.dev.projects import change, two_ways
from tests.e2e.chromium import CHROMIUM, Page, opened
from tests.e2e.test_pages_in_a_browser import AXE, WRONG, look_like
from tests.node_tools import node_tool

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: nobody looked"),
]


def test_an_author_runs_saves_and_sees(tmp_path: Path) -> None:
    project = two_ways(tmp_path / "two-ways")
    with started(str(project), "--serve") as run:
        assert run.stderr is not None
        address = next(line for line in run.stderr if line.startswith("The page: ")).split()[-1]
        with opened(tmp_path / "browser") as page:
            _looked_at(page, address)
            page.evaluate("document.querySelector('#run textarea').focus()")
            page.call("Input.insertText", text="hello there")
            page.evaluate("document.querySelector('#run').requestSubmit()")
            page.until(
                "document.querySelector('#last-run')?.textContent.includes('from this page')"
            )
            assert "hello there" in page.text("#graph")
            change(project, '"Welcome!"', '"Come in!"')
            page.until("document.querySelector('#tests .error')")
            assert "failed comes" in page.text("#tests")
            page.until("document.querySelector('#run textarea')?.value === 'hello there'")
            assert page.complaints == []
        run.send_signal(signal.SIGINT)
        _, said = run.communicate()
    assert run.returncode == 130
    assert "Traceback" not in said


def _looked_at(page: Page, address: str) -> None:
    for theme, width in (("light", 1280), ("dark", 390)):
        look_like(page, theme, width)
        page.open(address)
        page.until("document.querySelector('#last-run')")
        page.evaluate(node_tool(AXE).read_text() + ";0")
        assert page.evaluate(WRONG) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert "key=" not in page.evaluate("location.href")
