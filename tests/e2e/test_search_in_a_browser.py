"""The search in a real Chromium, below a sub-path and by keyboard alone; from a file it says what it needs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from registry_tool.commands.maintain.build import build
from registry_tool.commands.maintain.serve import server
from tests.e2e.chromium import CHROMIUM, Page, opened
from tests.serving import serving
from tests.site.search.registry import write

ROOT = Path(__file__).parents[2]
SAID = "document.querySelector('#search-status')?.textContent"
SETTLED = f"document.querySelector('[data-search]')?.ariaBusy !== 'true' && {SAID}"
LOADED = "document.readyState === 'complete'"
FOCUSED = "document.activeElement.textContent"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        CHROMIUM is None, reason="Chromium is not installed: the search was not looked at"
    ),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to serve; the site lies below it."""
    root = tmp_path_factory.mktemp("served")
    build(ROOT, root / "below/here")
    return root


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with opened(tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with serving(server(site, "127.0.0.1", 0)) as running:
        yield f"http://127.0.0.1:{running.server_port}/below/here"


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.evaluate("location.href")).query)


def test_the_search_by_keyboard_alone(page: Page, address: str) -> None:
    page.open(f"{address}/index.html")
    page.type("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.type("sentiment")
    page.until(
        "document.querySelector('#search-pages a') && document.querySelector('#search-status').textContent"
    )
    assert "sentiment-analysis" in page.text("#results li")
    page.press("Enter")
    page.until("location.pathname.endsWith('/below/here/search/index.html') && " + SETTLED)
    assert query_of(page) == {"q": ["sentiment"]}
    assert page.evaluate("document.querySelector('#search').value") == "sentiment"

    page.type(" tag:nlp")
    page.until(f"{SETTLED} && location.search.includes('nlp')")
    assert query_of(page) == {"q": ["sentiment tag:nlp"]}
    page.press("ArrowDown")
    assert page.evaluate(FOCUSED) == "sentiment-analysis"
    page.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "search"
    page.press("ArrowDown")
    page.press("Enter")
    page.until(
        f"location.pathname.endsWith('/workflows/sentiment-analysis/index.html') && {LOADED}"
    )
    page.type("/")
    page.type("router")
    page.press("Enter")
    page.until(f"location.pathname.endsWith('/search/index.html') && {SETTLED}")
    assert query_of(page) == {"q": ["router"]}
    assert page.evaluate("document.querySelector('#results h3 a').textContent") == "ticket-router"
    assert page.complaints == []


def test_a_facet_changes_field_count_and_address_and_back_undoes_it(
    page: Page, address: str
) -> None:
    page.open(f"{address}/search/index.html?q=text&sort=name")
    page.until(SETTLED)
    before = page.text("#search-status")
    names = page.evaluate(
        "[...document.querySelectorAll('#results h3 a')].map((a) => a.textContent)"
    )
    assert names == sorted(names)
    assert len(names) > 1
    page.evaluate("document.querySelector('[data-facet=tag]').open = true")
    page.until("document.querySelector('[data-facet=tag] input')")
    value, count = page.evaluate(
        "(([box]) => [box.dataset.value, box.parentNode.querySelector('.many').textContent])"
        "(document.querySelectorAll('[data-facet=tag] input'))"
    )
    page.evaluate("document.querySelector('[data-facet=tag] input').click()")
    page.until(f"{SETTLED} && document.querySelector('#search').value.includes('tag:')")
    assert query_of(page) == {"q": [f"text tag:{value}"], "sort": ["name"]}
    assert page.text("#search-status").split()[0] == count
    page.evaluate("history.back()")
    page.until(f"document.querySelector('#search').value === 'text' && {SETTLED}")
    page.until(f"document.querySelector('#search-status').textContent === {before!r}")
    assert page.complaints == []


def test_chinese_says_everything_in_chinese_and_finds_what_is_misspelled(
    page: Page, address: str
) -> None:
    page.open(f"{address}/zh/search/index.html?q=sentimnet")
    page.until(SETTLED)
    assert page.text("#search-status").endswith("个工作流")
    assert "sentiment" in page.text("#search-notes")
    link = page.evaluate("document.querySelector('#results h3 a').href")
    assert urlsplit(link).path.startswith("/below/here/zh/workflows/")
    page.open(f"{address}/zh/search/index.html?q=nothingofthekind")
    page.until(SETTLED)
    assert page.text("#results").startswith("没有找到。")
    assert page.text("#results a") == "浏览全部工作流"
    assert page.complaints == []


HOSTILE = "<img src=x onerror=alert(1)></span><script>alert(2)</script> javascript:alert(3)//"


def test_what_strangers_wrote_is_only_text(page: Page, site: Path, address: str) -> None:
    shutil.copytree(site / "below/here", site / "hostile")
    texts = {"author": HOSTILE, "description": HOSTILE, "category": HOSTILE, "licence": HOSTILE}
    write([{**texts, "name": "evil", "version": HOSTILE, "tags": [HOSTILE, "a"]}], site / "hostile")
    page.open(f"{address.removesuffix('/below/here')}/hostile/search/index.html?q=img")
    page.until(f"{SETTLED} && document.querySelector('[data-facet=category] input')")
    page.evaluate("for (const one of document.querySelectorAll('[data-facet]')) one.open = true")
    page.until(f"{SETTLED} && document.querySelector('[data-facet=licence] input')")
    assert HOSTILE in page.text("#results li")
    page.evaluate("document.querySelector('[data-facet=tag] input').click()")
    page.until(f"{SETTLED} && location.search.includes('tag')")
    assert page.text("#search-status").startswith("1 ")
    assert not page.evaluate("document.querySelectorAll('main img, main script').length")
    assert page.complaints == []


def test_a_filter_that_finds_nothing_can_be_taken_back(page: Page, address: str) -> None:
    page.open(f"{address}/search/index.html?q=text+category%3Anosuch")
    page.until(f"{SETTLED} && document.querySelector('[data-facet=category] input:checked')")
    assert page.text("#results").startswith("Nothing found.")
    assert page.text("#results a") == "Browse all workflows"
    page.evaluate("document.querySelector('#search-notes a').click()")
    page.until(f"{SETTLED} && document.querySelector('#results h3')")
    assert query_of(page) == {"q": ["text"]}
    page.evaluate("history.back()")
    page.until(f"{SETTLED} && document.querySelector('[data-facet=category] input:checked')")
    page.evaluate("document.querySelector('[data-facet=category] input:checked').click()")
    page.until(f"document.querySelector('#search').value === 'text' && {SETTLED}")
    assert page.complaints == []


def test_nothing_but_the_site_itself_is_asked(page: Page, address: str) -> None:
    page.requests.clear()
    page.open(f"{address}/search/index.html?q=text")
    page.until(SETTLED)
    assert page.requests
    assert not [asked for asked in page.requests if not asked.startswith(address)]


def test_from_a_file_the_page_says_what_it_needs(page: Page, site: Path) -> None:
    page.complaints.clear()
    page.open((site / "below/here/search/index.html").as_uri())
    page.until(SAID)
    assert "needs a web server" in page.text("#search-status")
    assert page.complaints == []
