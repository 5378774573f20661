from __future__ import annotations

import json

from registry_tool.rules.planted import CanaryOutcome, CanaryReport, canary_report_from


def test_a_report_comes_back_as_it_was() -> None:
    outcome = CanaryOutcome("m", (("the input a", "the output b"),), ("x",), ("y",), ("z",), ("w",))
    for report in (CanaryReport(("the input a",), 3, (outcome,)), CanaryReport(untold="no tests")):
        assert canary_report_from(json.loads(json.dumps(report.to_value()))) == report
