"""Test results for people, and as JUnit XML for machines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from registry_tool.engine.testing import CaseResult
from registry_tool.report.text import inert

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def text_of_tests(reference: str, cases: Sequence[CaseResult], stale: Sequence[str] = ()) -> str:
    """One line a case, its reasons below it, and a sum at the end."""
    lines: list[str] = []
    for case in cases:
        word = "passed" if case.passed else "FAILED"
        rate = f" ({case.passes} of {case.runs} runs)" if case.runs > 1 else ""
        lines.append(f"{word}  {inert(case.name)}{rate}  {case.seconds:.2f} s")
        lines += [f"        {inert(reason)}" for reason in dict.fromkeys(case.reasons)]
    if stale:
        lines.append(
            f"{len(stale)} recorded answers are no longer asked for; --refresh drops them."
        )
    passed = sum(case.passed for case in cases)
    lines.append(f"{reference}: {passed} passed, {len(cases) - passed} failed")
    return "\n".join(lines)


def junit_xml(reference: str, cases: Sequence[CaseResult]) -> bytes:
    """A JUnit document with one suite."""
    failed = sum(not case.passed for case in cases)
    suite = ElementTree.Element(
        "testsuite",
        name=reference,
        tests=str(len(cases)),
        failures=str(failed),
        time=f"{sum(case.seconds for case in cases):.3f}",
    )
    for case in cases:
        item = ElementTree.SubElement(
            suite,
            "testcase",
            classname=reference,
            name=_clean(case.name),
            time=f"{case.seconds:.3f}",
        )
        if not case.passed:
            reasons = _clean("\n".join(case.reasons))
            ElementTree.SubElement(item, "failure", message=reasons[:200]).text = reasons
    root = ElementTree.Element("testsuites")
    root.append(suite)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)
