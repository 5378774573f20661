"""`puppy-cli bisect`: the version, dependency or model that broke a test."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Object, Value
from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.testing.bisection import find_break
from registry_tool.manifest.model import TestCase
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.difference import Difference
from registry_tool.resolver.differences import differences
from registry_tool.runtime.run_tests import SuiteOptions, test_program
from registry_tool.sources.configuration.choice import AnyRegistry
from registry_tool.sources.program import Program
from registry_tool.sources.reader import open_reader
from registry_tool.sources.reference import open_reference

_MODEL = "the model of"


@dataclass(frozen=True, slots=True)
class VersionProbe:
    """How the test went on one version."""

    version: str
    outcome: Outcome
    reason: str = ""

    def to_value(self) -> Object:
        """As JSON."""
        return {"version": self.version, "outcome": self.outcome.value, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Bisection:
    """Between which versions a test broke, and what changed there.

    `dependencies` are those whose version changed with it, as (name, before, after); `by_dependency` is true where
    the new version passes with the old ones. `unsure` lie between `good` and `bad` and could not be judged.
    """

    name: str
    test: str
    good: str
    bad: str
    probes: tuple[VersionProbe, ...]
    changes: tuple[Difference, ...]
    dependencies: tuple[tuple[str, str, str], ...] = ()
    by_dependency: bool = False
    unsure: tuple[str, ...] = ()

    @property
    def models(self) -> tuple[Difference, ...]:
        """The changes of models among them."""
        return tuple(change for change in self.changes if change.words.startswith(_MODEL))

    @property
    def cause(self) -> str:
        """`dependency` or `model` where that alone changed or was shown to do it, else `version`."""
        if self.by_dependency:
            return "dependency"
        behaving = [change for change in self.changes if change.bump != "patch"]
        return "model" if behaving and len(self.models) == len(behaving) else "version"

    def to_value(self) -> Object:
        """As JSON."""
        moved: list[Value] = [
            {"name": name, "before": old, "after": new} for name, old, new in self.dependencies
        ]
        return {
            "workflow": self.name,
            "test": self.test,
            "last_passed": self.good,
            "first_failed": self.bad,
            "cause": self.cause,
            "unsure": list[Value](self.unsure),
            "dependencies": moved,
            "changes": list[Value](change.to_value() for change in self.changes),
            "probes": list[Value](probe.to_value() for probe in self.probes),
        }


def bisect(
    reference: str, registry: AnyRegistry, test: str, how: SuiteOptions, good: str = ""
) -> Bisection:
    """Find what broke a test of what a reference leads to, since the version `good` (default: the oldest).

    The test is taken as the failing version has it. `RegistryError` where it passes there, or never passed before.
    """
    opened = open_reference(reference, registry)
    if opened.candidate is None:
        raise UsageError(
            "bisect looks at published versions", hint="name one: NAME or NAME:VERSION"
        )
    row = _row(registry, opened.candidate, good)
    search = _Search(registry, row, _case(opened.program, test), how)
    last = len(row) - 1
    if (outcome := search.probe(last)) is not Outcome.FAILED:
        raise RegistryError(
            f"the test {test} does not fail on {row[-1]}: {outcome.value} {search.reason(last)}".rstrip(),
            hint="name the version on which it does: NAME:VERSION",
        )
    first = search.first_good(given=bool(good))
    found = find_break(first, last, search.probe)
    return search.result(found.good, found.bad, found.unsure)


def _row(registry: AnyRegistry, bad: Candidate, good: str) -> list[str]:
    versions = [one.version for one in open_reader(registry).versions(bad.name)]
    row = versions[: versions.index(bad.version) + 1]
    if good:
        if good not in row[:-1]:
            raise NotFoundError(
                f"{bad.name} has no version {good} before {bad.version}",
                hint=did_you_mean(good, row[:-1], f"there are {', '.join(row[:-1]) or 'none'}"),
            )
        row = row[row.index(good) :]
    if len(row) < 2:
        raise RegistryError(f"{bad.name}:{bad.version} has no version before it")
    return [f"{bad.name}:{version}" for version in row]


def _case(program: Program, test: str) -> TestCase:
    tests = {case.name: case for case in program.workflow.tests}
    if test not in tests:
        raise NotFoundError(
            f"{program.workflow.reference} has no test {test!r}",
            hint=did_you_mean(test, list(tests), f"tests: {', '.join(tests) or 'none'}"),
        )
    return tests[test]


@dataclass(slots=True)
class _Search:
    """Runs the case on versions, each once."""

    registry: AnyRegistry
    row: list[str]
    case: TestCase
    how: SuiteOptions
    probes: dict[int, VersionProbe] = field(default_factory=dict)
    programs: dict[int, Program] = field(default_factory=dict)

    def probe(self, position: int) -> Outcome:
        """How the test goes on the version at a position."""
        if position not in self.probes:
            program = open_reference(self.row[position], self.registry).program
            self.programs[position] = program
            outcome, reason = self._judged(program)
            self.probes[position] = VersionProbe(program.workflow.version, outcome, reason)
        return self.probes[position].outcome

    def reason(self, position: int) -> str:
        """Why it went so there."""
        return self.probes[position].reason

    def first_good(self, *, given: bool) -> int:
        """The oldest version on which it passes; only the first one where somebody named that."""
        for position in range(len(self.row) - 1):
            outcome = self.probe(position)
            if outcome is Outcome.PASSED:
                return position
            if given:
                break
        outcomes = "; ".join(
            f"{p.version}: {p.outcome.value} {p.reason}".strip() for p in self.probes.values()
        )
        raise RegistryError(
            f"the test {self.case.name} passes on no version before {self.row[-1]} ({outcomes})",
            hint="ask the model instead of recorded answers: --provider NAME",
        )

    def result(self, good: int, bad: int, unsure: tuple[int, ...]) -> Bisection:
        """What lies between the last version that passed and the first that failed."""
        old, new = self.programs[good], self.programs[bad]
        moved = tuple(_moved(old, new))
        swapped = replace_callees(new, old) if moved else new
        return Bisection(
            new.workflow.name,
            self.case.name,
            old.workflow.version,
            new.workflow.version,
            tuple(self.probes[position] for position in sorted(self.probes)),
            differences(old.workflow, new.workflow),
            moved,
            bool(moved) and self._judged(swapped)[0] is Outcome.PASSED,
            tuple(self.probes[position].version for position in unsure),
        )

    def _judged(self, program: Program) -> tuple[Outcome, str]:
        workflow = replace(program.workflow, tests=(self.case,))
        try:
            report = test_program(replace(program, workflow=workflow), self.how)
        except RegistryError as error:
            return Outcome.ERROR, str(error)
        (case,) = report.cases
        return case.outcome, "; ".join(case.reasons)[:500]


def replace_callees(program: Program, other: Program) -> Program:
    """A program that calls what another one calls."""
    kept = {name: other.callees.get(name, callee) for name, callee in program.callees.items()}
    return replace(program, callees=kept)


def _moved(old: Program, new: Program) -> list[tuple[str, str, str]]:
    return [
        (name, old.callees[name].workflow.version, callee.workflow.version)
        for name, callee in sorted(new.callees.items())
        if name in old.callees and old.callees[name].workflow.version != callee.workflow.version
    ]
