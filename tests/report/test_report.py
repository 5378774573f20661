from __future__ import annotations

from xml.etree import ElementTree

from registry_tool.core.finding import Finding, Severity
from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.providers.base import Message, ModelAnswer, ModelRequest, Usage
from registry_tool.engine.providers.cassettes import Cassette
from registry_tool.engine.testing import CaseResult
from registry_tool.report.answers import answers_diff
from registry_tool.report.github import github_report
from registry_tool.report.summary import plain, summary
from registry_tool.report.tests import junit_xml, text_of_tests
from registry_tool.report.text import text_report

FINDING = Finding("a/b.yaml", 2, 3, "edge-ends", Severity.ERROR, "no such block", "did you mean x?")
HOSTILE = Finding(
    "a\n::error::x.yaml",
    1,
    1,
    "schema",
    Severity.WARNING,
    "\x1b[31mred\x1b]8;;http://e\x07\n::set-output a::b",
    "",
)


def test_a_finding_shows_its_line_and_a_caret() -> None:
    report = text_report([FINDING], lambda _: "first\nsecond line\n")
    assert report.splitlines() == [
        "a/b.yaml:2:3: error[edge-ends]: no such block",
        "    2 | second line",
        "          ^",
        "      = help: did you mean x?",
    ]


def test_nothing_that_a_terminal_obeys_gets_through() -> None:
    assert "\x1b" not in text_report([HOSTILE], lambda _: "\x1b[2J\u202eline")
    assert "\u202e" not in text_report([HOSTILE], lambda _: "\x1b[2J\u202eline")


def test_an_annotation_is_one_command() -> None:
    report = github_report([FINDING, HOSTILE]).splitlines()
    assert report[0] == (
        "::error file=a/b.yaml,line=2,col=3,title=edge-ends::no such block%0Adid you mean x?"
    )
    assert len(report) == 2
    assert report[1].startswith("::warning file=a%0A\\u003a%3Aerror%3A%3Ax.yaml,line=1,")


def test_markdown_of_strangers_is_only_text() -> None:
    hostile = "<script>x</script> [a](javascript:b) `c` | d\n# e @team"
    shown = plain(hostile)
    assert "<script" not in shown
    assert "\n" not in shown
    assert "&#64;team" in shown
    assert "&#35; e" in shown
    for sign in "[]()`|":
        assert f"\\{sign}" in shown
    assert summary((), [HOSTILE]).count("\n| warning |") == 1


def test_results_for_people_and_machines() -> None:
    cases = [
        CaseResult("fine", Outcome.PASSED, 1, 1, 0.1, metrics={"tone": 0.5}),
        CaseResult("broken\x00<", Outcome.FAILED, 3, 1, 0.5, ("a is 1, not 2", "a is 1, not 2")),
        CaseResult("odd", Outcome.ERROR, reasons=("no answer",)),
        CaseResult("few", Outcome.INCONCLUSIVE, 4, 3),
    ]
    text = text_of_tests("hello:1.0.0", cases, ["m: Why? (key 1)"])
    assert text.splitlines()[-1] == "hello:1.0.0: 1 passed, 2 failed, 1 inconclusive"
    assert text.count("a is 1, not 2") == 1
    assert "3 of 4 runs; the true rate is 30% to 95%" in text
    assert "tone: 0.500" in text
    assert "m: Why?" in text
    suite = ElementTree.fromstring(junit_xml("hello:1.0.0", cases))[0]
    assert [suite.get(key) for key in ("tests", "failures", "errors")] == ["4", "2", "1"]
    kinds = [(item.tag, item.get("type")) for case in suite for item in case if item.get("type")]
    assert kinds == [("failure", "failed"), ("error", "error"), ("failure", "inconclusive")]


def test_recorded_answers_are_compared_as_text() -> None:
    def recorded(text: str) -> bytes:
        cassette = Cassette()
        request = ModelRequest("m", (Message("user", "Why?\nSay it."),))
        cassette.add(request, ModelAnswer(text, "m-1", Usage()))
        return cassette.to_bytes()

    found = answers_diff(recorded("Because.\nEnd."), recorded("Never.\nEnd."))
    assert [line for line in found if line[0] in "+-"][2:] == ["-Because.", "+Never."]
    assert answers_diff(b"", recorded("x"))[3:] == [
        "+# m",
        "+[user]",
        "+Why?",
        "+Say it.",
        "+[answer of m-1, stop]",
        "+x",
        "+",
    ]
    assert answers_diff(b"broken", recorded("x")) == []
