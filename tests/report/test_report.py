from __future__ import annotations

from xml.etree import ElementTree

from registry_tool.core.finding import Finding, Severity
from registry_tool.engine.testing import CaseResult
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
    good = CaseResult("fine", True, 1, 1, 0.1, ())
    bad = CaseResult("broken\x00<", False, 3, 1, 0.5, ("a is 1, not 2", "a is 1, not 2"))
    text = text_of_tests("hello:1.0.0", [good, bad])
    assert text.splitlines()[-1] == "hello:1.0.0: 1 passed, 1 failed"
    assert text.count("a is 1, not 2") == 1
    suite = ElementTree.fromstring(junit_xml("hello:1.0.0", [good, bad]))[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
