from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.finding import Finding, Severity
from registry_tool.report.github import github_report
from tests.report.test_text import HOSTILE

FINDING = Finding("a/b.yaml", 2, 3, "edge-ends", Severity.ERROR, "no such block", "did you mean x?")


@given(st.text(), st.text(), st.text())
def test_one_finding_is_one_command_whatever_it_says(path: str, message: str, help_: str) -> None:
    report = github_report([Finding(path, 1, 2, "rule", Severity.ERROR, message, help_)])
    assert report.startswith("::error file=")
    assert "\n" not in report
    assert "\r" not in report
    properties = report.removeprefix("::error ").split("::", 1)[0]
    assert [part.split("=", 1)[0] for part in properties.split(",")] == [
        "file",
        "line",
        "col",
        "title",
    ]


@pytest.mark.parametrize(
    ("severity", "word"),
    [("error", "error"), ("hold", "warning"), ("warning", "warning"), ("info", "notice")],
)
def test_every_severity_has_githubs_word(severity: str, word: str) -> None:
    found = Finding("a", 0, 0, "rule", Severity(severity), "50% off")
    assert github_report([found]) == f"::{word} file=a,title=rule::50%25 off"


def test_an_annotation_is_one_command() -> None:
    report = github_report([FINDING, HOSTILE]).splitlines()
    assert report[0] == (
        "::error file=a/b.yaml,line=2,col=3,title=edge-ends::no such block%0Adid you mean x?"
    )
    assert len(report) == 2
    assert report[1].startswith("::warning file=a%0A\\u003a%3Aerror%3A%3Ax.yaml,line=1,")
