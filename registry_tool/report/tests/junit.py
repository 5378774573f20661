"""Test results as JUnit XML that obeys Jenkins' schemas.

What they have no place for (pass rates, scores, who answered) stands in a case's `system-out`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.testing.run_cases import CaseResult
from registry_tool.engine.testing.suite_report import TestReport
from registry_tool.report.tests.marks import marks, summed_marks
from registry_tool.report.text import inert

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def junit_xml(reports: Sequence[TestReport]) -> bytes:
    """A JUnit document with one suite a report. What is inconclusive is a failure of that type."""
    root = ElementTree.Element("testsuites")
    for report in reports:
        root.append(_suite(report))
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _suite(report: TestReport) -> ElementTree.Element:
    cases = report.cases
    name = f"{report.reference} [{report.model}]" if report.model else report.reference
    errors = sum(case.outcome is Outcome.ERROR for case in cases)
    suite = ElementTree.Element(
        "testsuite",
        name=_clean(name),
        tests=str(len(cases)),
        failures=str(sum(not case.passed for case in cases) - errors),
        errors=str(errors),
        time=f"{sum(case.seconds for case in cases):.3f}",
    )
    for case in cases:
        _add_case(suite, _clean(name), case)
    if lines := [*summed_marks(cases)]:
        ElementTree.SubElement(suite, "system-out").text = _clean("\n".join(lines))
    return suite


def _add_case(suite: ElementTree.Element, group: str, case: CaseResult) -> None:
    item = ElementTree.SubElement(
        suite,
        "testcase",
        classname=group,
        name=_clean(case.name),
        time=f"{case.seconds:.3f}",
    )
    if not case.passed:
        reasons = _clean("\n".join(case.reasons)) or case.outcome.value
        tag = "error" if case.outcome is Outcome.ERROR else "failure"
        ElementTree.SubElement(
            item, tag, type=case.outcome.value, message=reasons[:200]
        ).text = reasons
    ElementTree.SubElement(item, "system-out").text = _clean("\n".join(_facts(case)))


def _facts(case: CaseResult) -> Iterator[str]:
    yield f"passes: {case.passes}/{case.runs}"
    yield f"score: {case.score:.6g}"
    yield from (f"metric {name}: {score:.6g}" for name, score in case.metrics.items())
    yield from marks(case)


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", inert(text))
