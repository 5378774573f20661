"""Pages by their functions: differences, lists in pages, feeds, what machines read, Chinese that is Chinese."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from registry_tool.catalogue.load import load_catalogue
from registry_tool.catalogue.model import Catalogue, RegistrySettings, Translation
from registry_tool.catalogue.tool_facts import recorded_usage
from registry_tool.core.values import Value
from registry_tool.site.pages.badges import badge
from registry_tool.site.pages.diffs import diff_files
from registry_tool.site.pages.feeds import feed
from registry_tool.site.pages.fixed import fixed_files
from registry_tool.site.pages.groups import groups_page
from registry_tool.site.pages.home import home_files
from registry_tool.site.pages.line import line_files
from registry_tool.site.pages.lists import list_front, list_page
from registry_tool.site.pages.stats import stats_files
from registry_tool.site.pages.version import version_files
from registry_tool.site.site import Counts, GroupEntry, Highlights, Site, Summary, WorkflowList
from registry_tool.store.tree import FolderTree
from tests.manifest.flow.build import edge, text_input, workflow

ROOT = Path(__file__).parents[2]
SITE = Site(RegistrySettings("r<"), "https://example.com/sub")
_NAMES = """API JSON HTTP SDK MCP README Python JavaScript Go curl Markdown English puppy cli llms txt versions
CycloneDX json init test publish my workflow sha256 git Enter wfpkg feed index html v1 api md Atom"""
EVERYWHERE = set(_NAMES.split())


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(FolderTree(ROOT))


def summary(name: str, **more: Value) -> Summary:
    return {
        "name": name,
        "version": "1.0.0",
        "author": "作者",
        "description": "描述",
        "category": "text",
        "tags": [],
        "updated": "2026-01-02T03:04:05Z",
        **more,
    }


class Seen(HTMLParser):
    """The words that a reader sees in the page's own language: no code, no picture, nothing marked as English."""

    VOID = frozenset({"meta", "link", "img", "input", "br", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.VOID:
            return
        skipped = tag in {"code", "pre", "script", "svg", "option", "title", "textarea"}
        other = dict(attrs).get("lang") == "en"
        self.open.append(skipped or other or (bool(self.open) and self.open[-1]))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and not self.open[-1]:
            self.words += re.findall(r"[A-Za-z]+", data)


def chinese(files: dict[str, bytes]) -> dict[str, set[str]]:
    """English words by Chinese page."""
    pages = {path: data.decode() for path, data in files.items() if path.startswith("zh/")}
    return {
        path: left
        for path, text in pages.items()
        if path.endswith(".html") and (left := set(Seen(text).words) - EVERYWHERE - {"r"})
    }


def test_chinese_pages_of_the_registry_are_chinese() -> None:
    groups = [GroupEntry("uncategorized", "", 1), GroupEntry("text", "文本", 2)]
    shown = Highlights([summary("a")], [summary("a", downloads=3)], [summary("a")])
    files: dict[str, bytes] = {}
    for made in (
        home_files(Counts(1, 2), shown, groups, SITE),
        stats_files(Counts(1, 2, 3, 4, 5, {"licence": {"许可": 1}}, {"2026-01": 1}), SITE),
        list_front(WorkflowList("workflows"), 1, 1, [summary("a")], SITE),
        groups_page("tags", 1, 1, [GroupEntry("标签", "", 1)], SITE),
    ):
        files |= dict(made)
    assert {path: words - {"a"} for path, words in chinese(files).items() if words - {"a"}} == {}


def test_a_chinese_workflow_page_has_english_from_its_author_alone(catalogue: Catalogue) -> None:
    line = catalogue.by_name["sentiment-analysis"]
    files = dict(line_files(line, summary(line.name), [], SITE))
    page = files["zh/workflows/sentiment-analysis/index.html"].decode()
    version = line.latest
    theirs = set(re.findall(r"[A-Za-z]+", version.manifest + version.readme + version.number))
    owners = {*line.owners.owners, *line.owners.collaborators}
    theirs |= {word for owner in owners for word in re.findall(r"[A-Za-z]+", owner.login)}
    theirs |= {"SmolLM", "M", "Instruct", "sha", "llm", "main", "flow"}
    assert set(Seen(page).words) - theirs - EVERYWHERE - {"r"} == set()


def test_a_version_tells_what_its_recorded_tests_took(catalogue: Catalogue) -> None:
    version = catalogue.by_name["sentiment-analysis"].by_number["1.2.0"]
    text = dict(version_files(version, SITE))[
        "workflows/sentiment-analysis/1.2.0/index.html"
    ].decode()
    aside = text[text.index("What its recorded tests took") :].partition("</section>")[0]
    result = recorded_usage(version.cassettes)
    assert result is not None
    assert f"<dd>{result['calls']}</dd>" in aside
    assert f"{result['input_tokens']} tokens in · {result['output_tokens']} tokens out" in aside
    assert "not recorded" in aside
    cost = version.cassettes.replace(b'"calls"', b'"cost_usd": 0.25, "calls"')
    dear = replace(version, cassettes=cost)
    page = dict(version_files(dear, SITE))["workflows/sentiment-analysis/1.2.0/index.html"]
    assert f"{0.25 * cost.count(b'cost_usd')} USD" in page.decode()


def test_a_version_tells_where_untrusted_text_and_private_data_go_together(
    catalogue: Catalogue,
) -> None:
    ask = edge("ask", "llm", ["letter", "wish"], "out", prompt="{{wish}} {{letter}}", model="<m>")
    inputs = (text_input("letter", pii=True), text_input("wish"))
    version = catalogue.by_name["sentiment-analysis"].by_number["1.2.0"]
    files = dict(version_files(replace(version, workflow=workflow(ask, inputs=inputs)), SITE))
    pages = {path: content.decode() for path, content in files.items()}
    (folder,) = {path.rpartition("/")[0] for path in pages if not path.startswith("zh/")}
    english = pages[f"{folder}/index.html"]
    part = english[english.index("Untrusted text and private data together") :]
    part = part.partition("</section>")[0]
    assert "the input wish and the personal input letter reach the model <b>&lt;m&gt;</b>" in part
    assert '<span class="badge bad">not declared</span>' in part
    assert "<code>letter → ask (llm)</code>" in part
    assert "不可信文本与私密数据同行" in pages[f"zh/{folder}/index.html"]
    twin = pages[f"{folder}/index.md"]
    assert "the input wish and the personal input letter reach the model" in twin
    assert "`wish → ask (llm)`, `letter → ask (llm)`" in twin


def test_a_registry_says_its_own_words_in_both_languages() -> None:
    said = Translation("说明", {"text": "文本"})
    settings = RegistrySettings(
        "r", description="About", categories={"text": "Text"}, translations={"zh": said}
    )
    groups = [GroupEntry("uncategorized", "", 1), GroupEntry("text", "Text", 2)]
    files = dict(home_files(Counts(1, 2), Highlights(), groups, Site(settings)))
    english, chinese_ = files["index.html"].decode(), files["zh/index.html"].decode()
    assert "<b>Text</b>" in english
    assert "<b>文本</b>" in chinese_
    assert ("About" in english, "说明" in chinese_, "About" in chinese_) == (True, True, False)
    assert english.index("<b>Text</b>") < english.index("<b>Uncategorized</b>")


def test_a_difference_shows_prompts_word_by_word(catalogue: Catalogue) -> None:
    line = catalogue.by_name["sentiment-analysis"]
    files = dict(diff_files(line.by_number["1.1.0"], line.by_number["1.2.0"], SITE))
    path = "workflows/sentiment-analysis/diff/1.1.0...1.2.0/index.html"
    text = files[path].decode()
    assert re.search(
        r"<del>What is the sentiment[^<]*</del><ins>分析以下文本的情感倾向：</ins>", text
    )
    assert "outputs.sentiment.properties.confidence" in text
    assert "max_tokens" in files[path.replace(".html", ".md")].decode()
    translated = files[f"zh/{path}"].decode()
    assert " is new" not in translated
    assert "新增" in translated


def test_a_list_leads_to_its_pages_and_pages_to_their_neighbours() -> None:
    of = WorkflowList("tags", "nlp")
    front = dict(list_front(of, 3, 250, [summary("a")], SITE))["tags/nlp/index.html"].decode()
    assert 'rel="next" href="../../tags/nlp/page/3/index.html"' in front
    assert "250" in front
    middle = dict(list_page(of, 2, 3, [summary("a")], SITE))["tags/nlp/page/2/index.html"].decode()
    assert 'rel="next" href="../../../../tags/nlp/page/1/index.html"' in middle
    assert 'rel="prev" href="../../../../tags/nlp/page/3/index.html"' in middle
    assert "250" not in middle  # an addition elsewhere leaves it as it is


def test_feeds_have_what_is_dated() -> None:
    entries = [summary("a"), summary("b", updated="")]
    files = dict(feed(WorkflowList("tags", "x y"), entries, SITE))
    (data,) = files.values()
    root = ElementTree.fromstring(data)
    assert [found.text for found in root.iter("{http://www.w3.org/2005/Atom}title")] == [
        "r<: x y",
        "a 1.0.0",
    ]


def test_machines_find_what_they_look_for() -> None:
    files = dict(fixed_files(SITE))
    assert b"Sitemap: https://example.com/sub/sitemap.xml" in files["robots.txt"]
    assert json.loads(files[".well-known/workflow-registry.json"])["name"] == "r<"
    assert files["llms.txt"].startswith(b"# r<\n")
    assert b'href="/sub/assets/style.css"' in files["404.html"]  # it answers at any depth
    missing = files["404.html"].decode()  # a host answers with it below zh/ too
    assert '<p lang="zh"><a href="/sub/zh/404.html" hreflang="zh">页面不存在' in missing
    assert "rules/limits/index.html" in files
    assert b"https://example.com/sub/zh/docs/authors/" in files["docs/authors/index.html"]


def test_what_search_engines_read_ends_no_script() -> None:
    site = Site(RegistrySettings("</script><script>alert(1)"), "https://example.com")
    text = dict(home_files(Counts(), Highlights(), [], site))["index.html"].decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert found
    assert json.loads(found[1])["name"] == "</script><script>alert(1)"


def test_a_badge_is_a_picture_with_a_name() -> None:
    root = ElementTree.fromstring(badge("a<b", '1.0.0"'))
    assert root.get("aria-label") == 'a<b: 1.0.0"'
