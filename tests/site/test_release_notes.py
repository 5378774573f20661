"""Release notes: what changed since the version below, told in Markdown that no name in it can bend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from registry_tool.catalogue.load import load_catalogue
from registry_tool.catalogue.model import Line, PublishedVersion
from registry_tool.manifest.model import Port
from registry_tool.site.markdown import clean_html
from registry_tool.site.pages.diffs import diff_files
from registry_tool.site.pages.feeds import line_feed
from registry_tool.site.pages.plain import plain_line
from registry_tool.site.release_notes import MOST_CHANGES, release_notes
from registry_tool.site.site import Site
from registry_tool.store.tree import FolderTree

ROOT = Path(__file__).parents[2]
ATOM = "{http://www.w3.org/2005/Atom}"
FEED = "workflows/sentiment-analysis/feed.xml"


@pytest.fixture(scope="module")
def line() -> Line:
    return load_catalogue(FolderTree(ROOT)).by_name["sentiment-analysis"]


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(load_catalogue(FolderTree(ROOT)).settings)


def numbered(version: PublishedVersion, number: str) -> PublishedVersion:
    """The same under another number."""
    metadata = replace(version.workflow.metadata, version=number)
    return replace(version, workflow=replace(version.workflow, metadata=metadata))


def with_inputs(version: PublishedVersion, names: Iterable[str]) -> PublishedVersion:
    """The same with other inputs."""
    interface = replace(version.workflow.interface, inputs=tuple(map(Port, names)))
    return replace(version, workflow=replace(version.workflow, interface=interface))


def entries(files: dict[str, bytes]) -> list[tuple[str, str]]:
    """(title, content) of a feed's entries."""
    found = ElementTree.fromstring(files[FEED]).iter(f"{ATOM}entry")
    return [
        (entry.findtext(f"{ATOM}title", ""), entry.findtext(f"{ATOM}content", ""))
        for entry in found
    ]


def test_they_tell_what_changed_and_the_bump(line: Line) -> None:
    notes = release_notes(line.by_number["1.0.0"], line.by_number["1.1.0"])
    assert notes.startswith("Released as minor · the changes ask for minor\n\n## ")
    later = release_notes(line.by_number["1.1.0"], line.by_number["1.2.0"])
    titles = [row[3:] for row in later.splitlines() if row.startswith("## ")]
    assert titles == [
        "Interface",
        "Changed prompts",
        "Blocks and edges",
        "Dependencies",
        "Runtime",
        "Security",
        "About",
        "Where your data goes",
    ]
    assert "- `edges.main-flow.config.prompt` the prompt of the edge main-flow changed" in later
    assert "- `runtime.dependencies.workflows.text-preprocessor` text-preprocessor is" in later
    assert "- added: `text` → the model gpt-3.5-turbo" in later
    assert "## 接口" in release_notes(line.by_number["1.1.0"], line.by_number["1.2.0"], "zh")


def test_nothing_changed_is_said(line: Line) -> None:
    same = numbered(line.latest, "1.2.1")
    assert "Nothing that counts has changed." in release_notes(line.latest, same)


def test_a_twin_holds_the_same_notes(line: Line, site: Site) -> None:
    before, after = line.by_number["1.1.0"], line.by_number["1.2.0"]
    files = dict(diff_files(before, after, site))
    for language, folder in (("en", ""), ("zh", "zh/")):
        twin = files[f"{folder}workflows/sentiment-analysis/diff/1.1.0...1.2.0/index.md"].decode()
        assert twin.rstrip().endswith(release_notes(before, after, language).rstrip())


def test_a_workflows_feed_tells_them_but_of_a_first_version(line: Line, site: Site) -> None:
    result = entries(dict(line_feed(line, site)))
    assert [title for title, _ in result] == [f"sentiment-analysis 1.{n}.0" for n in (2, 1, 0)]
    notes = release_notes(line.by_number["1.1.0"], line.by_number["1.2.0"])
    assert result[0][1] == clean_html(notes)
    assert "<h4>Changed prompts</h4>" in result[0][1]
    assert (bool(result[1][1]), result[2][1]) == (True, "")


def test_a_feed_compares_its_latest_versions_alone(line: Line, site: Site) -> None:
    many = tuple(numbered(line.latest, f"1.2.{n}") for n in range(1, 40))
    result = entries(dict(line_feed(replace(line, versions=many), site)))
    assert [title.rpartition(".")[2] for title, _ in result] == [str(n) for n in range(39, 0, -1)]
    assert [bool(notes) for _, notes in result] == [True] * 20 + [False] * 19
    assert not any(notes for _, notes in entries(dict(plain_line(line, site))))


def test_a_name_is_text_alone_and_a_flood_is_left_to_the_page(line: Line, site: Site) -> None:
    name = "`x` <b>[y](https://evil.example)\n## z"
    notes = release_notes(line.latest, with_inputs(line.latest, [name]))
    html = clean_html(notes)
    assert "evil.example" in html
    assert not [tag for tag in ("<b>", "<a ", "<h4>z") if tag in html]
    many = with_inputs(line.latest, [f"i{n}" for n in range(MOST_CHANGES)])
    assert release_notes(line.latest, many) == ""  # the two that it had are gone
