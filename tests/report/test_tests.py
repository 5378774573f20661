from __future__ import annotations

from xml.etree import ElementTree

from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.testing.run_cases import CaseResult
from registry_tool.report.tests import junit_xml, text_of_tests


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


def test_no_test_is_not_told_as_a_success() -> None:
    told = text_of_tests("a:1.0.0", [])
    assert told.startswith("a:1.0.0: there are no tests, so nothing was looked at")
