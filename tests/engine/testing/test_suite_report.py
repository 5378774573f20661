from __future__ import annotations

from dataclasses import replace

from registry_tool.engine.testing.suite_report import TestReport
from tests.report.tests.cases import CASES, REPORT, on_model


def test_json_says_who_answered() -> None:
    result = REPORT.to_value()
    assert result["passed"] is False
    assert [case["answers_by_hand"] for case in result["cases"]] == [["classify"], [], [], []]  # type: ignore[index,union-attr,call-overload]
    assert result["cases"][1]["answered_by"] == "tiny"  # type: ignore[index,call-overload]
    assert "model" not in result
    assert on_model("b", CASES[0]).to_value()["instead_of"] == ["gpt-4"]


def test_only_passes_pass() -> None:
    assert TestReport("a:1.0.0", (CASES[0],)).passed
    assert not replace(REPORT, cases=CASES[3:]).passed
