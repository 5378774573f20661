"""`puppy-cli test`: which cases of a workflow are run, and on which models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from registry_tool.commands.author.last_failed import LastFailed
from registry_tool.core.errors import UsageError
from registry_tool.core.values import Object, Value
from registry_tool.engine.providers.models.weights import MODEL
from registry_tool.engine.testing.selection import cases_named
from registry_tool.engine.testing.suite_report import TestReport
from registry_tool.report.tests.comparison import compared
from registry_tool.runtime.run_tests import (
    SuiteOptions,
    demand_recordable,
    keep_answers,
    test_program,
)
from registry_tool.sources.configuration.choice import AnyRegistry
from registry_tool.sources.lock_file import locked_here
from registry_tool.sources.program import Program
from registry_tool.sources.reference import open_to_test, own_files

_LOCAL = "local"


@dataclass(frozen=True, slots=True)
class SuiteChoice:
    """Which cases: those that `names` mean, only those that failed last time; on which models, one a report."""

    names: tuple[str, ...] = ()
    last_failed: bool = False
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """One report, or one a model; `note` and `warnings` say what a person would not expect."""

    reports: tuple[TestReport, ...]
    note: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether there were cases, and all of them passed."""
        return all(report.passed and report.cases for report in self.reports)

    def to_value(self) -> Object:
        """As JSON: the report, or of several models all of them and what sums them up."""
        if len(self.reports) == 1 and not self.reports[0].model:
            return self.reports[0].to_value()
        return {
            "workflow": self.reports[0].reference,
            "passed": self.passed,
            "models": list[Value](compared(report).to_value() for report in self.reports),
        }


def models_named(text: str) -> tuple[str, ...]:
    """The models in `a,b`; `UsageError` for none, or for one twice."""
    found = [name for part in text.split(",") if (name := part.strip())]
    if not found or len(set(found)) < len(found):
        raise UsageError(
            "--models takes names with commas between them, each once",
            hint="such as --models gpt-4o-mini,local",
        )
    return tuple(found)


def run_suite(
    reference: str, registry: AnyRegistry, how: SuiteOptions, choice: SuiteChoice = SuiteChoice()
) -> SuiteResult:
    """Run the chosen cases of what a reference or path leads to; new answers go into a path's project."""
    if choice.models and how.recording:
        raise UsageError(
            "--models compares and keeps nothing",
            hint="leave out --record and --refresh, or record one model at a time",
        )
    opened = open_to_test(reference, registry, locked_here())
    demand_recordable(reference, opened, how)
    program = opened.program
    memory = LastFailed(_about(reference, registry))
    only, note = _chosen(program, choice, memory)
    how = replace(how, only=only)
    if choice.models:
        options = [_on_model(how, name) for name in choice.models]
        reports = tuple(test_program(program, one) for one in options)
        return SuiteResult(reports, note, opened.warnings)
    report = test_program(program, how)
    keep_answers(report, program)
    memory.remember(report.cases)
    return SuiteResult((report,), note, opened.warnings)


def _about(reference: str, registry: AnyRegistry) -> str:
    if own_files(reference):
        return str(Path(reference).resolve())
    return f"{registry}\n{reference}"


def _chosen(
    program: Program, choice: SuiteChoice, memory: LastFailed
) -> tuple[frozenset[str] | None, str]:
    names: Sequence[str] = [case.name for case in program.workflow.tests]
    only = cases_named(names, choice.names, program.workflow.reference) if choice.names else None
    if not choice.last_failed:
        return only, ""
    failed = memory.names() & set(names) & (set(names) if only is None else only)
    if not failed:
        return only, "No test failed last time, so all of them are run."
    return failed, ""


def _on_model(how: SuiteOptions, name: str) -> SuiteOptions:
    """The embedded model by its own provider, others by the given one, else by an OpenAI-compatible server."""
    if name in {_LOCAL, MODEL}:
        return replace(how, provider=_LOCAL, model=MODEL)
    return replace(how, provider=how.provider or "openai", model=name)
