"""How all cases of a program went."""

from __future__ import annotations

from dataclasses import dataclass

from registry_tool.core.values import Object, Value
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.testing.run_cases import CaseResult


@dataclass(frozen=True)
class TestReport:
    """How a program's cases went. `cassette` holds the answers to keep, None where none are new.

    `model` answered in the place of those in `instead_of`, which the manifest names; empty where its own did.
    `left_out` counts the cases that were not run.
    """

    __test__ = False  # not a pytest class

    reference: str
    cases: tuple[CaseResult, ...]
    stale: tuple[str, ...] = ()
    cassette: Cassette | None = None
    model: str = ""
    instead_of: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def passed(self) -> bool:
        """True where every case passed."""
        return all(case.passed for case in self.cases)

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "workflow": self.reference,
            "passed": self.passed,
            **({"model": self.model} if self.model else {}),
            **({"instead_of": list[Value](self.instead_of)} if self.instead_of else {}),
            "cases": [case.to_value() for case in self.cases],
            "left_out": self.left_out,
            "stale_recordings": list[Value](self.stale),
        }
