from __future__ import annotations

from registry_tool.report.tests.marks import marks, summed_marks
from tests.report.tests.cases import CASES


def test_what_is_said_beside_the_outcome() -> None:
    assert [list(marks(case)) for case in CASES] == [
        ["answers written by hand: classify"],
        ["answered by tiny instead of gpt-4"],
        [],
        [],
    ]
    assert list(summed_marks(CASES[2:])) == []
