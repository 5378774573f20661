"""Every kind of page in a real Chromium: accessible, whole on a phone, quiet, and inert whoever wrote it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry_tool.commands.maintain.build import build
from registry_tool.commands.maintain.serve import server
from tests.e2e.chromium import CHROMIUM, Page, opened
from tests.node_tools import node_tool
from tests.serving import serving
from tests.site.hostile import hostile_registry
from tests.site.kinds import PAGES, further_files

ROOT = Path(__file__).parents[2]
AXE = "node_modules/axe-core/axe.min.js"
VNU = "node_modules/vnu-jar/build/dist/vnu.jar"
JAVA = shutil.which("java")
OF_A_KIND_SEEN = {
    "workflows/page/1/index.html",
    "workflows/fit-to-length/index.html",
    "docs/index.html",
    "docs/tutorial/index.html",
    "docs/edges/llm/index.html",
    "rules/index.html",
    "rules/limits/index.html",
}
"""Pages of a template that another of `PAGES` fills with more: the second theme is not looked at again."""
WRONG = """axe.run(document, { resultTypes: ["violations"] }).then((found) => found.violations.map(
  (one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 4).join(" | ")}`))"""
# A theme is a set of colours: it can make nothing else wrong.
WRONG_COLOURS = WRONG.replace("] }", '], runOnly: ["color-contrast"] }', 1)
SHOWN_THOUGH_HIDDEN = """[...document.querySelectorAll("[hidden]")].filter(
  (one) => one.getClientRects().length).map((one) => `hidden, and shown: ${one.className || one.id}`)"""

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        CHROMIUM is None, reason="Chromium is not installed: the pages were not looked at"
    ),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to serve; the site lies below it."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with serving(server(site, "127.0.0.1", 0)) as running:
        found = f"http://127.0.0.1:{running.server_port}/below/here"
        build(ROOT, site / "below/here", base_url=found)
        for path, data in further_files(ROOT, found).items():
            (site / "below/here" / path).parent.mkdir(parents=True, exist_ok=True)
            (site / "below/here" / path).write_bytes(data)
        yield found


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with opened(tmp_path_factory.mktemp("browser")) as found:
        yield found


def wear(page: Page, theme: str, motion: str = "reduce") -> None:
    features = [
        {"name": "prefers-color-scheme", "value": theme},
        {"name": "prefers-reduced-motion", "value": motion},
    ]
    page.call("Emulation.setEmulatedMedia", features=features)


def look_like(page: Page, theme: str, width: int) -> None:
    wear(page, theme)
    page.call(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=800,
        deviceScaleFactor=1,
        mobile=width < 600,
    )


@pytest.mark.parametrize(
    ("language", "theme", "other", "width"),
    [("", "light", "dark", 1280), ("zh/", "dark", "light", 360)],
)
def test_pages_are_accessible_whole_and_quiet(
    page: Page, address: str, language: str, theme: str, other: str, width: int
) -> None:
    look_like(page, theme, width)
    wrong = []
    for kind in PAGES:
        page.complaints.clear()
        page.requests.clear()
        wear(page, theme)
        page.open(f"{address}/{language}{kind}")
        page.evaluate(node_tool(AXE).read_text() + ";0")
        wrong += [(kind, found) for found in page.evaluate(WRONG)]
        wrong += [(kind, found) for found in page.evaluate(SHOWN_THOUGH_HIDDEN)]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong += [(kind, f"{wide} pixels too wide")] if wide > 0 else []
        wrong += [(kind, complaint) for complaint in page.complaints]
        wrong += [(kind, url) for url in page.requests if not url.startswith(address)]
        if kind in OF_A_KIND_SEEN:
            continue
        wear(page, other)
        wrong += [(kind, f"{other}: {found}") for found in page.evaluate(WRONG_COLOURS)]
    assert not wrong


def test_nothing_moves_where_motion_is_not_wanted(page: Page, address: str) -> None:
    moves = """[getComputedStyle(document.documentElement).scrollBehavior,
      ...document.getAnimations().map(String),
      ...[...document.querySelectorAll("*")].map((one) => getComputedStyle(one)).filter((style) =>
        style.animationName !== "none" || style.transitionDuration !== "0s").map(String)]"""
    page.open(f"{address}/workflows/ticket-router/1.0.0/index.html")
    wear(page, "light", "no-preference")
    assert page.evaluate(moves) == ["smooth"]
    wear(page, "light")
    assert page.evaluate(moves) == ["auto"]


@pytest.fixture
def without_scripts(page: Page) -> Iterator[Page]:
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    yield page
    page.call("Emulation.setScriptExecutionDisabled", value=False)


def test_every_kind_of_page_says_all_without_scripts(without_scripts: Page, address: str) -> None:
    page, wrong = without_scripts, []
    look_like(page, "light", 1280)
    for kind in PAGES:
        page.requests.clear()
        page.open(f"{address}/{kind}")
        scripts = "document.querySelectorAll('.copy.ready').length"
        wrong += [(kind, "a script ran")] if page.evaluate(scripts) else []
        wrong += [(kind, "nothing is said")] if len(page.text("main")) < 80 else []
        wrong += [(kind, "no heading")] if not page.text("h1").strip() else []
        wrong += [(kind, found) for found in page.evaluate(SHOWN_THOUGH_HIDDEN)]
        wrong += [(kind, url) for url in page.requests if url.endswith(".js")]
    assert not wrong


def test_a_reader_without_scripts_gets_from_home_to_a_command(
    without_scripts: Page, address: str
) -> None:
    page = without_scripts
    page.open(f"{address}/index.html")
    for link in (
        "main a[href$='workflows/index.html'], nav a[href$='workflows/index.html']",
        "main a[href$='workflows/ticket-router/index.html']",
        "main a[href$='workflows/ticket-router/1.0.0/index.html']",
    ):
        to = page.evaluate(f"document.querySelector(`{link}`).href")
        page.evaluate(f"document.querySelector(`{link}`).click()")
        page.until(f"location.href === '{to}' && document.readyState === 'complete'")
    text = page.text("main")
    assert address in page.text("[data-snippet=run_command]")
    assert page.evaluate("document.querySelector('.graph svg').getClientRects().length") == 1
    for part in ("#readme", "#interface"):
        assert page.text(part).strip() in text


def test_inputs_change_the_commands_and_the_recorded_outputs(page: Page, address: str) -> None:
    look_like(page, "light", 1280)
    page.open(f"{address}/workflows/sentiment-analysis/1.2.0/index.html")
    assert address in page.text("[data-snippet=run_command]")
    page.evaluate("document.querySelector('[name=text]').select()")
    page.call("Input.insertText", text="It's terrible and disappointing")
    assert "'text=It'\\''s terrible and disappointing'" in page.text("[data-snippet=run_command]")
    shown = ".nearest:not([hidden])"
    assert page.evaluate(f"document.querySelectorAll('{shown}').length") == 1
    assert '"negative"' in page.text(shown)


def test_any_two_versions_are_compared(page: Page, address: str) -> None:
    page.open(f"{address}/workflows/sentiment-analysis/diff/index.html?a=1.0.0&b=1.2.0")
    page.until("document.querySelector('#compared .changes')")
    text = page.text("#compared")
    assert "blocks.processor.config.max_tokens" in text
    assert page.evaluate("document.querySelectorAll('#compared .prompt ins').length") > 0
    assert page.evaluate("document.querySelectorAll('#compared .prompt del').length") > 0


def test_older_versions_tell_of_newer_ones(page: Page, address: str) -> None:
    page.open(f"{address}/zh/workflows/sentiment-analysis/1.1.0/index.html")
    page.until("!document.querySelector('#newer').classList.contains('quiet')")
    assert "1.2.0" in page.text("#newer")


def test_where_a_site_lies_is_no_word_to_search_for(page: Page, address: str) -> None:
    page.open(f"{address}/zh/404.html")
    assert page.evaluate("document.getElementById('suggest').hidden") is True


def test_a_picture_leads_to_definitions_and_those_to_the_manifest(page: Page, address: str) -> None:
    page.open(f"{address}/workflows/ticket-router/1.0.0/index.html")
    page.evaluate("location.hash = document.querySelector('svg a.edge').getAttribute('href')")
    assert page.evaluate("document.querySelector(':target h4 code').textContent") == "sort"
    line = page.evaluate("document.querySelector(':target h4 a[href^=\"#L\"]').hash")
    assert "id: sort" in page.evaluate(
        f"document.querySelector('{line}').nextSibling.parentNode"
        f".textContent.split('\\n')[{line[2:]} - 1]"
    )


def test_nothing_of_a_strangers_comes_alive(
    page: Page, make_registry: Callable[..., object], tmp_path: Path
) -> None:
    build(hostile_registry(make_registry), tmp_path / "site")
    with serving(server(tmp_path / "site", "127.0.0.1", 0)) as running:
        address = f"http://127.0.0.1:{running.server_port}"
        page.complaints.clear()
        page.requests.clear()
        for path in (
            "index.html",
            "workflows/evil/index.html",
            "zh/workflows/evil/1.0.0/index.html",
        ):
            page.open(f"{address}/{path}")
            assert (
                page.evaluate("document.querySelectorAll('script:not([src]):not([type])').length")
                == 0
            )
        assert page.complaints == []
        assert [url for url in page.requests if not url.startswith(address)] == []


@pytest.mark.usefixtures("address")
@pytest.mark.skipif(JAVA is None, reason="Java is not installed: the pages' HTML was not checked")
def test_pages_are_valid_html(site: Path) -> None:
    assert JAVA is not None
    files = [
        str(site / "below/here" / language / kind) for language in ("", "zh") for kind in PAGES
    ]
    done = subprocess.run(
        [
            JAVA,
            *["-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"],  # it runs for seconds
            "-jar",
            str(node_tool(VNU)),
            "--errors-only",
            "--format",
            "gnu",
            *files,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
