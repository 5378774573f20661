"""Several models side by side on the same tests: how often they pass, what they cost, how long they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.testing.pass_rate import wilson
from registry_tool.engine.testing.run_cases import CaseResult
from registry_tool.engine.testing.suite_report import TestReport
from registry_tool.report.tests.marks import summed_marks
from registry_tool.report.text import inert


@dataclass(frozen=True, slots=True)
class ModelResult:
    """One model's tests, summed up. Seconds are those of one run, None where none was made."""

    report: TestReport
    runs: int
    passes: int
    usage: Usage
    middle: float | None
    slowest: float | None

    @property
    def rate(self) -> float | None:
        """The share of runs that passed, None where there were none."""
        return self.passes / self.runs if self.runs else None

    def to_value(self) -> Object:
        """As JSON."""
        low, high = wilson(self.passes, self.runs)
        return {
            **self.report.to_value(),
            "runs": self.runs,
            "passes": self.passes,
            "pass_rate": self.rate,
            "interval": [round(low, 4), round(high, 4)],
            "usage": cast(Value, self.usage.to_value()),
            "seconds": {"median": self.middle, "slowest": self.slowest},
        }


def compared(report: TestReport) -> ModelResult:
    """A report summed up."""
    cases = report.cases
    times = [seconds for case in cases for seconds in case.durations]
    return ModelResult(
        report,
        sum(case.runs for case in cases),
        sum(case.passes for case in cases),
        sum((case.usage for case in cases), Usage()),
        round(median(times), 3) if times else None,
        round(max(times), 3) if times else None,
    )


def cost_words(usage: Usage) -> str:
    """Dollars, or that nobody knows."""
    return "unknown" if usage.cost_usd is None else f"${usage.cost_usd:.4f}"


def seconds_words(seconds: float | None) -> str:
    """`1.20 s`, or a dash."""
    return "-" if seconds is None else f"{seconds:.2f} s"


def rate_words(result: ModelResult) -> str:
    """`75% (of 8 runs)`."""
    return "-" if result.rate is None else f"{result.rate:.0%} (of {result.runs} runs)"


def summary_rows(results: Sequence[ModelResult]) -> list[tuple[str, list[str]]]:
    """What is compared, and each model's figure."""
    return [
        ("pass rate", [rate_words(one) for one in results]),
        ("cost", [cost_words(one.usage) for one in results]),
        ("tokens", [f"{one.usage.tokens:,}" for one in results]),
        ("median time", [seconds_words(one.middle) for one in results]),
        ("slowest", [seconds_words(one.slowest) for one in results]),
    ]


def case_words(case: CaseResult) -> str:
    """`passed`, or of several runs `FAILED (3 of 10)`."""
    word = case.outcome.value if case.passed else case.outcome.value.upper()
    return f"{word} ({case.passes} of {case.runs})" if case.runs > 1 else word


def text_of_comparison(reports: Sequence[TestReport]) -> str:
    """A table with a column a model, the reasons below it, and what each took the place of."""
    results = [compared(report) for report in reports]
    names = [inert(report.model) for report in reports]
    rows = [("", names)]
    for cases in zip(*(report.cases for report in reports), strict=True):
        rows.append((inert(cases[0].name), [case_words(case) for case in cases]))
    table = _table([*rows, *summary_rows(results)])
    nothing = [NOTHING_ASKED] if compares_nothing(reports) else []
    return "\n".join([*table, *_reasons(reports), *_instead(reports), *nothing])


def _table(rows: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    columns = list(zip(*((head, *cells) for head, cells in rows), strict=True))
    widths = [max(map(len, column)) for column in columns]
    return [
        "  ".join(
            text.ljust(width) for text, width in zip((head, *cells), widths, strict=True)
        ).rstrip()
        for head, cells in rows
    ]


def _reasons(reports: Sequence[TestReport]) -> list[str]:
    return [
        f"{inert(report.model)}, {inert(case.name)}: {inert(reason)}"
        for report in reports
        for case in report.cases
        for reason in dict.fromkeys(case.reasons)
    ]


def _instead(reports: Sequence[TestReport]) -> list[str]:
    """Models that the manifest doesn't name are said to be others."""
    found = [instead_words(report) for report in reports if report.instead_of]
    found += [inert(mark) for report in reports for mark in summed_marks(report.cases)]
    return list(dict.fromkeys(found))


def instead_words(report: TestReport) -> str:
    """`gpt-4o answered instead of gpt-4, which the manifest names.` Where it gave no answer, it was asked."""
    verb = "answered" if any(case.usage.calls for case in report.cases) else "was asked"
    requested = ", ".join(report.instead_of)
    return inert(f"{report.model} {verb} instead of {requested}, which the manifest names.")


def compares_nothing(reports: Sequence[TestReport]) -> bool:
    """Whether every test ran to its end and none asked a model, so that there is nothing to compare."""
    cases = [case for report in reports for case in report.cases]
    return all(case.outcome is not Outcome.ERROR and not case.usage.calls for case in cases)


NOTHING_ASKED: Final = "No test asked a model, so there is nothing to compare."
