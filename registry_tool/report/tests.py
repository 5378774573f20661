"""Test results for people, and as JUnit XML for machines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree

from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.testing.run_cases import CaseResult
from registry_tool.report.text import inert

_WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "FAILED",
    Outcome.INCONCLUSIVE: "UNSURE",
    Outcome.ERROR: "ERROR ",
}
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def text_of_tests(reference: str, cases: Sequence[CaseResult], stale: Sequence[str] = ()) -> str:
    """One line a case, its reasons below it, and a sum at the end."""
    lines: list[str] = []
    for case in cases:
        lines.append(
            f"{_WORDS[case.outcome]}  {inert(case.name)}{_rate(case)}  {case.seconds:.2f} s"
        )
        lines += [f"        {inert(reason)}" for reason in dict.fromkeys(case.reasons)]
        lines += [f"        {inert(name)}: {score:.3f}" for name, score in case.metrics.items()]
    if stale:
        lines.append(
            f"{len(stale)} recorded answers are no longer asked for; --refresh drops them."
        )
        lines += [f"        {inert(question)}" for question in stale]
    lines.append(f"{reference}: {_sum(cases)}")
    return "\n".join(lines)


def _rate(case: CaseResult) -> str:
    if case.runs == 1:
        return ""
    low, high = case.interval
    return f" ({case.passes} of {case.runs} runs; the true rate is {low:.0%} to {high:.0%})"


def _sum(cases: Sequence[CaseResult]) -> str:
    if not cases:
        return "there are no tests, so nothing was looked at; write one below `tests:`"
    count = Counter(case.outcome for case in cases)
    failed = count[Outcome.FAILED] + count[Outcome.ERROR]
    unsure = count[Outcome.INCONCLUSIVE]
    return f"{count[Outcome.PASSED]} passed, {failed} failed" + (
        f", {unsure} inconclusive" if unsure else ""
    )


def junit_xml(reference: str, cases: Sequence[CaseResult]) -> bytes:
    """A JUnit document with one suite. What is inconclusive is a failure of that type."""
    errors = sum(case.outcome is Outcome.ERROR for case in cases)
    suite = ElementTree.Element(
        "testsuite",
        name=reference,
        tests=str(len(cases)),
        failures=str(sum(not case.passed for case in cases) - errors),
        errors=str(errors),
        time=f"{sum(case.seconds for case in cases):.3f}",
    )
    for case in cases:
        _add_case(suite, reference, case)
    root = ElementTree.Element("testsuites")
    root.append(suite)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_case(suite: ElementTree.Element, reference: str, case: CaseResult) -> None:
    item = ElementTree.SubElement(
        suite,
        "testcase",
        classname=reference,
        name=_clean(case.name),
        time=f"{case.seconds:.3f}",
    )
    properties = {"passes": f"{case.passes}/{case.runs}", "score": f"{case.score:.6g}"}
    properties |= {f"metric.{_clean(name)}": f"{score:.6g}" for name, score in case.metrics.items()}
    below = ElementTree.SubElement(item, "properties")
    for name, value in properties.items():
        ElementTree.SubElement(below, "property", name=name, value=value)
    if not case.passed:
        reasons = _clean("\n".join(case.reasons)) or case.outcome.value
        tag = "error" if case.outcome is Outcome.ERROR else "failure"
        ElementTree.SubElement(
            item, tag, type=case.outcome.value, message=reasons[:200]
        ).text = reasons


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)
