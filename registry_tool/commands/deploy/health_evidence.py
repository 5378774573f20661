"""What a health check has proved: how many tests that assert something passed, and who answered them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registry_tool.catalogue.environments import HealthCheck
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.manifest.asserting import asserted
from registry_tool.manifest.model import Edge, TestCase
from registry_tool.runtime.run_program import asks_model
from registry_tool.sources.program import Program

_HERE = frozenset({"code", "modify", "chunk", "branch", "map", "loop", "workflow", "save"})
"""Edges that ask nobody; with an inner edge, if that one does not."""


@dataclass(frozen=True, slots=True)
class HealthEvidence:
    """`tests` that ran and passed, of which `asserting` can fail.

    `live` says that they asked the environment's own provider, `alone` that there is nobody to ask. Of the
    asserting ones, `written` have answers that were written by hand, which prove nothing of whoever is asked.
    """

    tests: int
    asserting: int
    live: bool
    alone: bool
    written: int = 0

    def __str__(self) -> str:
        if not self.asserting:
            if not self.tests:
                return "nothing: it has no test for this environment"
            return f"nothing: {_counted(self.tests, 'test')} ran and none asserts anything"
        if self.live:
            return f"{_counted(self.asserting, 'smoke test')} live"
        if self.alone:
            return f"{_counted(self.asserting, 'test')}, which nobody else has to answer"
        by_hand = f", {self.written} of them on answers written by hand" if self.written else ""
        return f"{_counted(self.asserting, 'test')} on recorded answers{by_hand}"

    def to_value(self) -> Object:
        """For the health check's event."""
        return {"proved": str(self)}


def proof_of(program: Program, cases: Sequence[TestCase], *, live: bool) -> HealthEvidence:
    """What it proves of a program that these cases pass; live: its environment's provider answered."""
    asserting = [case for case in cases if asserted(case, program.workflow).anything]
    written = 0 if live else sum(bool(case.answers) for case in asserting)
    return HealthEvidence(len(cases), len(asserting), live, not _asks(program), written)


def demand_proof(
    proof: HealthEvidence, wanted: HealthCheck, environment: str, reference: str
) -> None:
    """`RegistryError` where an environment wants more than is proved."""
    enough = {
        HealthCheck.ANY: True,
        HealthCheck.RECORDED: proof.asserting > proof.written,
        HealthCheck.LIVE: bool(proof.asserting) and (proof.live or proof.alone),
    }
    if enough[wanted]:
        return
    if wanted is HealthCheck.RECORDED:
        raise RegistryError(
            f"{environment} wants tests that assert something, and the health check proves {proof}",
            location=reference,
            hint="publish a version with such a test (docs/tests.md)",
        )
    raise RegistryError(
        f"{environment} wants live tests (health_check: live), and the health check would prove {proof}",
        location=reference,
        hint=f"publish a version with a test that names environment: {environment}, and give the environment "
        "a provider that answers",
    )


def _asks(program: Program) -> bool:
    workflows = [program.workflow, *(callee.workflow for callee in program.callees.values())]
    return asks_model(program) or any(not _here(e) for w in workflows for e in w.edges)


def _here(edge: Edge) -> bool:
    inner = edge.config.get("edge")
    return edge.type in _HERE and (not isinstance(inner, dict) or inner.get("type") in _HERE)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
