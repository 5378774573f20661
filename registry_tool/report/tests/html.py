"""Test results as one HTML file that needs nothing else: no script, no address, its only style by hash.

It is built as a tree, never from pieces of text, so a test's name or a model's words can't become markup.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.testing.run_cases import CaseResult
from registry_tool.engine.testing.suite_report import TestReport
from registry_tool.report.tests.comparison import (
    NOTHING_ASKED,
    case_words,
    compared,
    compares_nothing,
    instead_words,
    seconds_words,
    summary_rows,
)
from registry_tool.report.tests.marks import marks, summed_marks
from registry_tool.report.tests.text import rate_of, sum_words
from registry_tool.report.text import inert

_STYLE: Final = """
:root { color-scheme: light dark;
  --ink: #1a1a1a; --paper: #fff; --line: #c8c8c8; --good: #0b6b2e; --bad: #a4161a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --paper: #16181b; --line: #4a4d52; --good: #7ddc9a; --bad: #ff9b9b; }
}
body { color: var(--ink); background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto;
  max-width: 70rem; padding: 1rem; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; font-weight: 600; padding: .5rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem; text-align: start; vertical-align: top; }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
ul { margin: .25rem 0; padding-inline-start: 1.2rem; }
"""
_WORDS: Final = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.INCONCLUSIVE: "inconclusive",
    Outcome.ERROR: "error",
}


def html_of_tests(reports: Sequence[TestReport], now: datetime) -> bytes:
    """The page of one report, or of several models side by side; `now` is when the tests ran."""
    title = inert(f"Tests of {reports[0].reference}")
    page = Element("html", lang="en")
    _head(page, title)
    main = SubElement(SubElement(page, "body"), "main")
    SubElement(main, "h1").text = title
    _paragraph(main, f"Run on {now:%Y-%m-%d} at {now:%H:%M} UTC.")
    if len(reports) > 1 or reports[0].model:
        _comparison(main, reports)
    for report in reports:
        _report(main, report, alone=len(reports) == 1)
    text = tostring(page, encoding="unicode", method="html")
    return f"<!doctype html>\n{text}\n".encode()


def _head(page: Element, title: str) -> None:
    head = SubElement(page, "head")
    SubElement(head, "meta", charset="utf-8")
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": policy})
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    SubElement(head, "title").text = title
    SubElement(head, "style").text = _STYLE


def _comparison(main: Element, reports: Sequence[TestReport]) -> None:
    results = [compared(report) for report in reports]
    body = _table(main, "Models side by side", ["", *(report.model for report in reports)])
    for name, cells in summary_rows(results):
        _row(body, name, cells)
    for cases in zip(*(report.cases for report in reports), strict=True):
        _row(body, cases[0].name, [case_words(case) for case in cases])
    for words in (instead_words(report) for report in reports if report.instead_of):
        _paragraph(main, words)
    if compares_nothing(reports):
        _paragraph(main, NOTHING_ASKED)


def _report(main: Element, report: TestReport, *, alone: bool) -> None:
    heading = "All tests" if alone else f"Tests on {report.model}"
    SubElement(main, "h2").text = inert(heading)
    _paragraph(main, sum_words(report.cases, report.left_out))
    for words in summed_marks(report.cases):
        _paragraph(main, inert(words))
    if not report.cases:
        return
    body = _table(main, f"{heading}, case by case", ["Test", "Outcome", "Time", "What to know"])
    for case in report.cases:
        _case(body, case)
    if report.stale:
        _paragraph(main, f"{len(report.stale)} recorded answers are no longer asked for:")
        _list(main, report.stale)


def _case(body: Element, case: CaseResult) -> None:
    row = SubElement(body, "tr")
    SubElement(row, "th", scope="row").text = inert(case.name)
    outcome = SubElement(row, "td")
    word = SubElement(outcome, "span", {"class": "good" if case.passed else "bad"})
    word.text, word.tail = _WORDS[case.outcome], rate_of(case)
    SubElement(row, "td").text = seconds_words(case.seconds)
    scores = [f"{name}: {score:.3f}" for name, score in case.metrics.items()]
    _list(SubElement(row, "td"), [*dict.fromkeys(case.reasons), *marks(case), *scores])


def _table(parent: Element, caption: str, heads: Sequence[str]) -> Element:
    """A table's body; a wide one scrolls by itself, with the keyboard, too."""
    about = {"class": "wide", "role": "region", "aria-label": inert(caption), "tabindex": "0"}
    table = SubElement(SubElement(parent, "div", about), "table")
    SubElement(table, "caption").text = inert(caption)
    head = SubElement(SubElement(table, "thead"), "tr")
    for text in heads:
        if text:
            SubElement(head, "th", scope="col").text = inert(text)
        else:
            SubElement(head, "td")
    return SubElement(table, "tbody")


def _row(body: Element, name: str, cells: Iterable[str]) -> None:
    row = SubElement(body, "tr")
    SubElement(row, "th", scope="row").text = inert(name)
    for cell in cells:
        SubElement(row, "td").text = inert(cell)


def _list(parent: Element, texts: Iterable[str]) -> None:
    items = [inert(text) for text in texts]
    if items:
        listed = SubElement(parent, "ul")
        for text in items:
            SubElement(listed, "li").text = text


def _paragraph(parent: Element, text: str) -> None:
    SubElement(parent, "p").text = text
