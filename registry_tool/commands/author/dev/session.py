"""One look at a project after another, each redoing only what changed since the last."""

from __future__ import annotations

import hashlib
import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from registry_tool.commands.author.base_registry import BaseRegistry, ground_of
from registry_tool.commands.author.candidate import candidate_of, judge_candidate
from registry_tool.commands.author.dev.dependencies import Dependencies, dependencies_of
from registry_tool.commands.review.check import CheckResult
from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import FindingsError
from registry_tool.core.values import Object, Value
from registry_tool.engine.run import RunResult
from registry_tool.engine.testing.run_cases import CaseResult
from registry_tool.engine.testing.suite_report import TestReport
from registry_tool.runtime.run_tests import SuiteOptions, test_program
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice
from registry_tool.sources.lock_file import locked_here
from registry_tool.sources.program import Program
from registry_tool.sources.project import project_files
from registry_tool.sources.reference import open_to_test

_TESTS = "tests-pass"


@dataclass(frozen=True, slots=True)
class DevResult:
    """What one look found.

    `report` holds all tests, of which those in `anew` were run; None where the project can't be run, and `why`
    says so. `seconds` is what the look took. `run` is the last test's run, with the test's name.
    """

    check: CheckResult
    report: TestReport | None = None
    anew: tuple[str, ...] = ()
    why: str = ""
    seconds: float = 0.0
    program: Program | None = field(default=None, compare=False)
    run: tuple[str, RunResult] | None = field(default=None, compare=False)

    @property
    def fine(self) -> bool:
        """Whether nothing is refused and there are tests, all of which passed."""
        report = self.report
        return (
            not self.check.refused and report is not None and report.passed and bool(report.cases)
        )

    @property
    def unrecorded(self) -> tuple[str, ...]:
        """The tests that lack recorded answers."""
        cases = self.report.cases if self.report else ()
        return tuple(c.name for c in cases if c.unrecorded)

    def to_value(self) -> Object:
        """As JSON."""
        return {
            **self.check.to_value(),
            "tests": self.report.to_value() if self.report else None,
            "run_anew": list[Value](self.anew),
            "not_run": self.why,
            "seconds": round(self.seconds, 3),
        }


def record_command(project: Path, names: tuple[str, ...]) -> str:
    """The command that records what these tests lack."""
    chosen = [word for name in names for word in ("-k", name)]
    return shlex.join(["puppy-cli", "test", _shown(project), *chosen, "--record"])


def _shown(project: Path) -> str:
    text = project.as_posix()
    return text if "/" in text or text == "." else f"./{text}"


class DevSession:
    """A project (its folder or manifest) under work. `look` gives None where no file is another than before."""

    def __init__(
        self,
        project: Path,
        registry: AnyRegistry = "",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._project, self._registry = project, as_choice(registry)
        self._monotonic = monotonic
        self._seen = ""
        self._kept: dict[str, tuple[str, CaseResult]] = {}
        self._ground: BaseRegistry | None = None

    @property
    def folder(self) -> Path:
        """The folder that is watched."""
        return self._project if self._project.is_dir() else self._project.parent

    def look(self) -> DevResult | None:
        """Judge the project and run the tests whose result may be another one."""
        started = self._monotonic()
        try:
            seen = _digest(project_files(self.folder))
        except (
            OSError,
            RegistryError,
        ) as error:  # a file that goes while it is read, too many of them
            return self._broken(CheckResult((), 0), str(error), started)
        if seen == self._seen:
            return None
        self._seen = seen
        try:
            check = self._check()
        except FindingsError as refused:
            return self._broken(CheckResult(refused.findings, 1), _UNREADABLE, started)
        except (OSError, RegistryError) as error:
            return self._broken(CheckResult((), 0), str(error), started)
        return replace(self._tested(check), seconds=self._monotonic() - started)

    def _broken(self, check: CheckResult, why: str, started: float) -> DevResult:
        self._seen = "" if not check.findings else self._seen  # it may be there at the next look
        return DevResult(check, why=why, seconds=self._monotonic() - started)

    def _check(self) -> CheckResult:
        found = judge_candidate(self._judged_on(), candidate_of(self._project), replay=False)
        rest = tuple(one for one in found.not_checked if _TESTS not in one.rules)
        return replace(found, not_checked=rest)

    def _judged_on(self) -> BaseRegistry:
        """The registry: a folder as it is now, another place as it was when the session began."""
        if self._ground is None or self._registry.folder is not None:
            self._ground = ground_of(self._registry)
        return self._ground

    def _tested(self, check: CheckResult) -> DevResult:
        try:
            program = open_to_test(_shown(self._project), self._registry, locked_here()).program
            needs = dependencies_of(program)
            report, anew, run = self._run(program, needs)
        except FindingsError as refused:
            return DevResult(_with(check, refused), why=_UNREADABLE)
        except (OSError, RegistryError) as error:
            return DevResult(check, why=str(error))
        return DevResult(check, report, anew, program=program, run=run)

    def _run(
        self, program: Program, needs: Dependencies
    ) -> tuple[TestReport, tuple[str, ...], tuple[str, RunResult] | None]:
        known = {
            name: one for name, (key, one) in self._kept.items() if key == needs.key(one) != ""
        }
        names = [case.name for case in program.workflow.tests]
        anew = tuple(name for name in names if name not in known)
        report = TestReport(program.workflow.reference, ())
        heard: list[RunResult] = []
        if anew:
            report = test_program(program, SuiteOptions(only=frozenset(anew), heard=heard.append))
        found = {**known, **{one.name: one for one in report.cases}}
        self._kept = {name: (needs.key(found[name]), found[name]) for name in names}
        cases = tuple(found[name] for name in dict.fromkeys(names))
        run = (heard[-1].execution_id.removeprefix("test-"), heard[-1]) if heard else None
        return replace(report, cases=cases, left_out=0), anew, run


_UNREADABLE = "the tests were not run: the manifest has errors"


def _with(check: CheckResult, refused: FindingsError) -> CheckResult:
    """The check with what else kept a program from being opened."""
    more = [finding for finding in refused.findings if finding.rule not in _rules(check)]
    return replace(check, findings=(*check.findings, *more))


def _rules(check: CheckResult) -> frozenset[str]:
    return frozenset(finding.rule for finding in check.findings)


def _digest(files: Mapping[str, bytes]) -> str:
    hasher = hashlib.sha256()
    for path, data in files.items():
        hasher.update(f"{path}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
    return hasher.hexdigest()
