from __future__ import annotations

from registry_tool.report.canaries import canary_lines
from registry_tool.rules.planted import CanaryOutcome, CanaryReport

PROMPT, OUTPUT = ("the input a", "the prompt of ask"), ("the input a", "the output b")


def test_what_a_model_that_obeys_adds_stands_alone() -> None:
    ignoring = CanaryOutcome("ignoring", (PROMPT,), failures=("one: late",))
    obeying = CanaryOutcome(
        "obeying", (OUTPUT, PROMPT), ("send",), ("stay",), ("c",), ("one: late",)
    )
    assert list(canary_lines(CanaryReport(("the input a",), 2, (ignoring, obeying)))) == [
        "Instructions planted in the input a (2 tests):",
        "ignoring: the prompt of ask gets those from the input a",
        "ignoring: one: late",
        "obeying: the output b gets those from the input a",
        "obeying: edges run that did not: send",
        "obeying: edges no longer run: stay",
        "obeying: outputs become others: c",
    ]


def test_nothing_else_and_nothing_at_all() -> None:
    ignoring, obeying = CanaryOutcome("ignoring", (PROMPT,)), CanaryOutcome("obeying", (PROMPT,))
    lines = list(canary_lines(CanaryReport(("the input a",), 1, (ignoring, obeying))))
    assert lines[-1] == "obeying: nothing else"
    (_, nothing) = canary_lines(CanaryReport(("the input a",), 1, (CanaryOutcome("ignoring"),)))
    assert nothing == "ignoring: they reach nothing and change nothing"
    assert list(canary_lines(CanaryReport(untold="no tests"))) == [
        "Planted instructions: nothing is shown, since no tests"
    ]


def test_many_names_are_some_and_a_number() -> None:
    many = tuple(f"edge{number:02}" for number in range(20))
    (_, line) = canary_lines(CanaryReport(("the input a",), 1, (CanaryOutcome("m", ran=many),)))
    assert line.endswith("edge11 and 8 more")


def test_tests_that_were_not_run_are_told() -> None:
    first, _ = canary_lines(CanaryReport(("the input a",), 1, (CanaryOutcome("m"),), of=12))
    assert first == "Instructions planted in the input a (1 of 12 tests):"
