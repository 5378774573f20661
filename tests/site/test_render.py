from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from posixpath import normpath
from types import MappingProxyType
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

from registry_tool.commands.maintain.build import output_files
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.site.markdown import clean_html
from registry_tool.store.tree import FolderTree
from tests.site.hostile import HOSTILE, hostile_registry
from tests.site.kinds import further_files

ROOT = Path(__file__).parents[2]


def files_of(root: Path, base_url: str = "") -> dict[str, bytes]:
    return dict(output_files(OutputSource(FolderTree(root), base_url=base_url)))


@cache
def own_files() -> Mapping[str, bytes]:
    """The site of this registry, made once."""
    return MappingProxyType(files_of(ROOT))


class _Page(HTMLParser):
    """Collects what a page refers to, and every tag and attribute."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def pages(files: Mapping[str, bytes]) -> Iterator[tuple[str, _Page, str]]:
    for path, data in files.items():
        if path.endswith(".html"):
            yield path, _Page(data.decode()), data.decode()


def strange_scripts(text: str) -> list[str]:
    """Scripts of a page that are neither the site's own files nor a data block."""
    found = re.findall(r"<script[^>]*>", text)
    own = re.compile(
        r'<script src="[./a-z]*assets/[a-z]+\.js" defer>|<script type="application/ld\+json">'
    )
    return [tag for tag in found if not own.fullmatch(tag)]


def test_every_link_and_anchor_leads_somewhere() -> None:
    files = {**own_files(), **further_files(ROOT)}
    assert len(files) > 500
    found = {path: page for path, page, _ in pages(files)}
    for path, page in found.items():
        assert len(page.ids) == len(set(page.ids)), path
        for link in page.links:
            if urlsplit(link).scheme:
                continue
            name, _, anchor = link.partition("#")
            # What answers at any depth names everything from the root, where a site without an address is served.
            anywhere = path.endswith("404.html") and not link.startswith("#")
            assert link.startswith("/") == anywhere, f"{path} → {link}"
            folder = PurePosixPath("/" if anywhere else f"/{path}").parent
            target = normpath(str(folder / unquote(name.partition("?")[0]))).lstrip("/")
            target = path if not name else target
            assert target in files, f"{path} → {link}"
            if anchor and target in found:
                assert unquote(anchor) in found[target].ids, f"{path} → {link}"


def test_every_link_between_markdown_twins_leads_somewhere() -> None:
    files = own_files()
    for path in (path for path in files if path.endswith(".md")):
        plain = re.sub(r"^```.*?^```$|`[^`\n]+`", "", files[path].decode(), flags=re.M | re.S)
        for link in re.findall(r"\]\(([^()\s]+)\)", plain):
            name = link.partition("#")[0]
            if name and not urlsplit(link).scheme:
                assert normpath(str(PurePosixPath(path).parent / unquote(name))) in files, (
                    f"{path} → {link}"
                )


def test_every_page_has_its_twin() -> None:
    files = own_files()
    for path in files:
        if path.endswith("/index.html"):
            assert f"{path.removesuffix('.html')}.md" in files


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline() -> None:
    for path, page, text in pages(own_files()):
        assert "default-src 'none'" in text, path
        assert not [name for name in page.attributes if name.startswith("on") or name == "style"]
        assert "style" not in page.tags
        assert not strange_scripts(text)
        for link in page.links:
            scheme = urlsplit(link).scheme
            assert scheme in {"", "http", "https", "mailto"}, (path, link)


@pytest.fixture
def hostile(make_registry: Callable[..., object]) -> Path:
    return hostile_registry(make_registry)


def test_strangers_strings_are_only_text(hostile: Path) -> None:
    files = files_of(hostile)
    for path, page, text in pages(files):
        assert not strange_scripts(text), path
        assert not [link for link in page.links if urlsplit(link).scheme == "javascript"]
        assert "evil.example" not in text
        assert text.count("<img") <= 2  # the brand's own, and a badge's
        assert not [name for name in page.attributes if name.startswith("on")]
    assert not [path for path in files if ".." in path.split("/") or path.startswith("/")]
    assert json.loads(files["search/cards/0.json"])["0"]["description"] == HOSTILE
    ElementTree.fromstring(files["feed.xml"])


def test_markdown_keeps_what_is_harmless() -> None:
    html = clean_html("**bold** [ok](https://example.com)\n\n| a |\n| - |\n| b |\n")
    assert "<strong>bold</strong>" in html
    assert 'rel="nofollow noopener noreferrer"' in html
    assert "<table>" in html


def test_a_base_url_gives_a_sitemap_and_canonical_links(
    make_registry: Callable[..., object],
) -> None:
    registry = make_registry()
    registry.add("hello", "1.0.0")  # type: ignore[attr-defined]
    files = files_of(registry.root, "https://example.com/registry/")  # type: ignore[attr-defined]
    assert b"https://example.com/registry/workflows/hello/" in (files["sitemaps/workflows-1.xml"])
    for page in ("docs/edges/llm", "docs/tutorial", "rules/license", "api", "stats"):
        assert f"https://example.com/registry/{page}/".encode() in files["sitemaps/site.xml"]
    assert b'rel="canonical" href="https://example.com/registry/"' in files["index.html"]
    ElementTree.fromstring(files["feed.xml"])


def test_a_page_says_which_model_gave_the_recorded_answers() -> None:
    files = own_files()
    document = files["workflows/sentiment-analysis/1.2.0/index.html"].decode()
    assert re.search(r"answered by <b>SmolLM2-135M-Instruct</b> instead of <b>gpt-4</b>", document)
    assert "而不是" in files["zh/workflows/sentiment-analysis/1.2.0/index.html"].decode()
    plain = files["workflows/keyword-extractor/1.0.1/index.html"].decode()
    assert "answered by" not in plain


def loaded(page: str, files: Mapping[str, bytes]) -> set[str]:
    """What a browser loads to show a page, itself included."""
    text = files[page].decode()
    found = re.findall(
        r'<(?:script|img) [^>]*?src="([^"]+)"|<link rel="(?:stylesheet|icon)" href="([^"]+)"', text
    )
    folder = PurePosixPath(f"/{page}").parent
    return {page, *(normpath(f"{folder}/{one or other}").lstrip("/") for one, other in found)}


@pytest.mark.parametrize(
    ("pages_of", "most"),
    [
        (r"(zh/)?index\.html", 60),
        (r"(zh/)?workflows/[^/]+/(\d[^/]+/)?index\.html", 80),
        (r"(zh/)?workflows/[^/]+/diff/[^/]+/index\.html", 80),
    ],
)
def test_no_page_weighs_more_than_its_budget(pages_of: str, most: int) -> None:
    """Kilobytes of the first view as they travel, compressed one by one."""
    files = own_files()
    weights = {
        page: sum(len(gzip.compress(files[path])) for path in loaded(page, files))
        for page in files
        if re.fullmatch(pages_of, page)
    }
    assert len(weights) > 1
    assert {page: weight for page, weight in weights.items() if weight > most * 1000} == {}
    assert "assets/style.css" in loaded("index.html", files)


def test_the_style_loads_nothing() -> None:
    assert not re.search(rb"url\(|@import|@font-face", own_files()["assets/style.css"])


def test_first_views_are_light() -> None:
    """Everything that a browser loads to show a page, uncompressed."""
    files = own_files()
    shared = ("assets/style.css", "assets/site.js", "assets/icon.svg")
    assets = sum(len(files[path]) for path in shared)
    for path, most in (
        ("index.html", 60),
        ("zh/index.html", 60),
        ("workflows/sentiment-analysis/index.html", 80),
        ("zh/workflows/ticket-router/1.0.0/index.html", 80),
    ):
        assert len(files[path]) + assets <= most * 1024, path


def test_without_javascript_links_alone_lead_to_everything() -> None:
    """From home through a list to a version, in the HTML as it is served."""
    files = own_files()
    path = "zh/index.html"
    for step in ("workflows/index.html", "sentiment-analysis/index.html", "1.2.0/index.html"):
        page = _Page(files[path].decode())
        link = next(link for link in page.links if link.endswith(step))
        path = normpath(str(PurePosixPath(path).parent / link))
    text = files[path].decode()
    assert path == "zh/workflows/sentiment-analysis/1.2.0/index.html"
    for part in (
        '<section class="readme"',
        "<svg ",
        'class="form"',
        "puppy-cli run",
        'class="manifest"',
    ):
        assert part in text, part
