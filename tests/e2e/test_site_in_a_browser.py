"""The built site in a real Chromium: search works, nothing breaks the content security policy."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry_tool.commands.maintain.build import build
from registry_tool.commands.maintain.serve import server

ROOT = Path(__file__).parents[2]
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        CHROMIUM is None, reason="Chromium is not installed: the site was not looked at"
    ),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    out = tmp_path_factory.mktemp("site")
    build(ROOT, out)
    with server(out, "127.0.0.1", 0) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def page(address: str, folder: Path) -> tuple[str, str]:
    """The page's HTML after its scripts ran, and what the browser complained of."""
    assert CHROMIUM
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
    ]
    command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    command += [
        f"--user-data-dir={folder}",
        "--virtual-time-budget=5000",
        "--enable-logging=stderr",
    ]
    # The browser keeps the kernel's time: with a clock that is moved by a preloaded library it waits for ever.
    kept = {
        name: text for name, text in os.environ.items() if name not in {"LD_PRELOAD", "FAKETIME"}
    }
    done = subprocess.run(
        [*command, "--dump-dom", address],
        env=kept,
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    complaints = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return done.stdout, "\n".join(complaints)


def test_search_shows_what_fits(address: str, tmp_path: Path) -> None:
    html, complaints = page(f"{address}/search/index.html?q=sentiment", tmp_path)
    results = html.split('id="results"')[1].split("</ol>")[0]
    assert "sentiment-analysis" in results
    assert "review-digest" in results
    assert "keyword-extractor" not in results
    assert complaints == ""


def test_search_in_chinese_and_without_a_match(address: str, tmp_path: Path) -> None:
    html, complaints = page(f"{address}/zh/search/index.html?q=nothingofthekind", tmp_path)
    assert "没有找到" in html.split('id="results"')[1].split("</ol>")[0]
    assert complaints == ""


def test_a_version_page_has_its_copy_buttons_and_no_complaint(address: str, tmp_path: Path) -> None:
    html, complaints = page(f"{address}/workflows/sentiment-analysis/1.2.0/index.html", tmp_path)
    assert html.count('class="copy ready"') >= 8
    assert "<svg" in html
    assert complaints == ""
