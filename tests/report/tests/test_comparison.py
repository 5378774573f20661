from __future__ import annotations

from dataclasses import replace

from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.providers.models.base import Usage
from registry_tool.report.tests.comparison import compared, text_of_comparison
from tests.report.tests.cases import CASES, on_model

FINE = CASES[0]
WRONG = replace(FINE, outcome=Outcome.FAILED, passes=0, reasons=("a is 1, not 2",))


def test_a_column_a_model() -> None:
    text = text_of_comparison([on_model("big", FINE), on_model("small", WRONG)])
    rows = [line.split("  ") for line in text.splitlines()]
    table = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert table[:4] == [
        ["big", "small"],
        ["fine", "passed", "FAILED"],
        ["pass rate", "100% (of 1 runs)", "0% (of 1 runs)"],
        ["cost", "$0.0020", "$0.0020"],
    ]
    assert "small, fine: a is 1, not 2" in text
    assert "small answered instead of gpt-4, which the manifest names." in text


def test_what_nobody_knows_is_not_a_figure() -> None:
    unpriced = replace(FINE, usage=Usage(1, 1, 1, None), durations=())
    result = compared(on_model("big", unpriced)).to_value()
    assert result["usage"] == {"input_tokens": 1, "output_tokens": 1, "calls": 1, "cost_usd": None}
    assert result["seconds"] == {"median": None, "slowest": None}
    assert "unknown" in text_of_comparison([on_model("big", unpriced)])


def test_who_gave_no_answer_was_only_asked() -> None:
    silent = replace(WRONG, outcome=Outcome.ERROR, usage=Usage(), reasons=("no key",))
    text = text_of_comparison([on_model("big", silent)])
    assert "big was asked instead of gpt-4, which the manifest names." in text
    assert "nothing to compare" not in text


def test_tests_that_ask_no_model_compare_nothing() -> None:
    quiet = replace(FINE, usage=Usage())
    assert "nothing to compare" in text_of_comparison([on_model("big", quiet)])
