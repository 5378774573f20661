"""What a version's page is told: recorded answers by test and edge, definitions by line, data's destinations."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.catalogue.load import load_catalogue
from registry_tool.catalogue.model import PublishedVersion
from registry_tool.manifest.flow.origins import WORDS
from registry_tool.site.diagram import Diagram
from registry_tool.site.facts.data_flow import destinations, toxic
from registry_tool.site.facts.manifest import definitions, highlighted
from registry_tool.site.facts.recordings import by_test, edges_of, recorded_answers
from registry_tool.site.facts.tests import tests as shown_tests
from registry_tool.site.facts.version import readme_text
from registry_tool.store.tree import FolderTree
from tests import bounded
from tests.manifest.flow.build import edge, text_input, workflow
from tests.site.test_render import ROOT


def version(name: str) -> PublishedVersion:
    return load_catalogue(FolderTree(ROOT)).by_name[name].latest


def test_a_recorded_answer_belongs_to_its_test_and_edge() -> None:
    found = version("sentiment-analysis")
    answers, tests = recorded_answers(found.cassettes), found.workflow.tests
    assert [edge.id for edge in edges_of(found.workflow, answers) if edge] == ["main-flow"] * 2
    for test, mine in zip(tests, by_test(tests, answers), strict=True):
        (value,) = (answers[position].value for position in mine)
        assert isinstance(value, dict)
        assert test.name == f"{value['label']}-sentiment"


def test_many_answers_are_nobodys_and_cost_little() -> None:
    """300 tests took two minutes for 3,000 answers."""
    found = version("sentiment-analysis")
    answers, tests = recorded_answers(found.cassettes) * 1500, found.workflow.tests * 150
    assert by_test(tests, answers) == [[]] * len(tests)


def test_odd_answers_are_shown_all_the_same() -> None:
    odd = {"text": "a\ud800", "model": "m", "usage": {"input_tokens": 10**4000}}
    request = {"model": "m", "messages": [{"content": "q"}]}
    (found,) = recorded_answers(
        json.dumps({"recordings": [{"request": request, "answer": odd}]}).encode()
    )
    assert (found.text, found.input_tokens) == ("a?", 2**53 - 1)
    odd["usage"] = {"input_tokens": float("inf")}
    assert (
        recorded_answers(json.dumps({"recordings": [{"request": request, "answer": odd}]}).encode())
        == ()
    )


def test_a_long_readme_is_cut_at_a_line() -> None:
    text = readme_text(replace(version("ticket-router"), readme="a line\n" * 50_000))
    assert len(text) <= 100_000
    assert set(text.split("\n")) == {"a line"}


def test_a_test_shows_the_output_that_was_answered() -> None:
    found = version("sentiment-analysis")
    shown = shown_tests(found, Diagram(found.workflow))
    answers = shown[0]["answers"]
    assert isinstance(answers, list)
    assert [(a["output"], a["stand_in"]) for a in answers] == [("sentiment", True)]
    assert shown[0]["input_tokens"] == 127


def test_broken_cassettes_show_nothing() -> None:
    for data in (b"", b"{", b"[]", b'{"recordings": [{}]}', b"[" * 100_000):
        assert recorded_answers(data) == ()


def test_definitions_stand_on_their_lines() -> None:
    for name in ("sentiment-analysis", "ticket-router", "fit-to-length"):
        found = version(name)
        lines = definitions(found.manifest)
        text = found.manifest.splitlines()
        wanted = {("blocks", block.id) for block in found.workflow.blocks}
        wanted |= {("edges", edge.id) for edge in found.workflow.edges}
        assert lines.keys() == wanted
        assert all(key[1] in text[line - 1] for key, line in lines.items())


@given(st.text(alphabet="ab: \"'#-{}\n<>&\\1.", max_size=60))
def test_highlighting_changes_no_letter(text: str) -> None:
    import re
    from html import unescape

    plain = unescape(re.sub(r"<a [^>]*>\d+</a>|<[^>]+>", "", highlighted(text)))
    assert plain == "\n".join(text.splitlines())


def test_where_data_goes_is_reported_by_destination() -> None:
    found = destinations(version("ticket-router").workflow)
    assert [(item["kind"], item["name"]) for item in found] == [
        ("model", "gpt-4o"),
        ("model", "gpt-4o-mini"),
    ]
    assert found[0]["inputs"] == [{"name": "message", "personal": True}]
    assert json.dumps(found)


def test_where_untrusted_text_and_private_data_go_together() -> None:
    ask = edge("ask", "llm", ["letter", "wish"], "out", prompt="{{wish}} {{letter}}", model="small")
    keep = edge("keep", "save", "out", "kept", path="x.txt")
    inputs = (text_input("letter", pii=True), text_input("wish"))
    model, files = toxic(workflow(ask, keep, inputs=inputs, recipients=("small",)))
    assert (model["kind"], model["name"], model["declared"]) == ("model", "small", True)
    assert (files["kind"], files["name"], files["declared"]) == ("files", "", False)
    assert files["ways"] == [
        ("wish", "ask (llm)", "out", "keep (save)"),
        ("letter", "ask (llm)", "out", "keep (save)"),
    ]
    assert files["untrusted"] == {"kind": "input", "name": "wish", "at": ""}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_source_has_its_words_on_the_page(language: str) -> None:
    words = json.loads((ROOT / f"site_templates/messages.{language}.json").read_text())
    for kind, english in WORDS.items():
        own = words[f"from_{kind}"]
        assert set(re.findall("{[a-z]+}", own)) == set(re.findall("{[a-z]+}", english))


@pytest.mark.parametrize(
    "line",
    ["x" * 200_000, 'a: "' + '\\"' * 100_000, "'" * 100_001, "a.b" * 60_000, "{{" * 90_000],
    ids=["word", "escapes", "quotes", "dots", "braces"],
)
def test_a_long_line_is_marked_soon(line: str) -> None:
    with bounded.ends(5):
        assert highlighted(line).striptags() == f"1{line}"
    with bounded.ends(20):  # as many lines of the longest that are looked at as a manifest holds
        highlighted("\n".join([line[:2000]] * 128))
