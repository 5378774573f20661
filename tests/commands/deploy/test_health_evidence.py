"""What a health check has proved, in words, and what an environment may want."""

from __future__ import annotations

import pytest

from registry_tool.catalogue.environments import HealthCheck
from registry_tool.commands.deploy.health_evidence import HealthEvidence, demand_proof, proof_of
from registry_tool.core.errors import RegistryError
from registry_tool.manifest.model import Edge, Interface, Metadata, Port, TestCase, Workflow
from registry_tool.sources.program import Program

REAL = TestCase("real", expected={"said": "Hello"})
IDLE = TestCase("idle")


def program(kind: str) -> Program:
    edge = Edge("say", kind, ("who",), ("said",))
    ports = Interface(outputs=(Port("said", "string"),))
    return Program(Workflow(Metadata("a", "1.0.0"), (), edges=(edge,), interface=ports), {})


@pytest.mark.parametrize(
    ("kind", "cases", "live", "words"),
    [
        ("llm", (REAL, REAL), False, "2 tests on recorded answers"),
        ("llm", (REAL, IDLE), False, "1 test on recorded answers"),
        ("llm", (REAL,), True, "1 smoke test live"),
        ("http", (REAL,), False, "1 test on recorded answers"),
        ("modify", (REAL,), False, "1 test, which nobody else has to answer"),
        ("llm", (), False, "nothing: it has no test for this environment"),
        ("llm", (IDLE, IDLE), True, "nothing: 2 tests ran and none asserts anything"),
    ],
)
def test_it_says_what_was_proved(
    kind: str, cases: tuple[TestCase, ...], live: bool, words: str
) -> None:
    assert str(proof_of(program(kind), cases, live=live)) == words


@pytest.mark.parametrize(
    ("proof", "least"),
    [
        (HealthEvidence(2, 2, live=True, alone=False), HealthCheck.LIVE),
        (HealthEvidence(2, 2, live=False, alone=True), HealthCheck.LIVE),
        (HealthEvidence(2, 1, live=False, alone=False), HealthCheck.RECORDED),
        (HealthEvidence(2, 0, live=True, alone=True), HealthCheck.ANY),
        (HealthEvidence(0, 0, live=False, alone=False), HealthCheck.ANY),
    ],
)
def test_an_environment_may_want_more(proof: HealthEvidence, least: HealthCheck) -> None:
    order = list(HealthCheck)
    for wanted in order:
        if order.index(wanted) <= order.index(least):
            demand_proof(proof, wanted, "production", "a:1.0.0")
            continue
        with pytest.raises(RegistryError, match="production wants") as refused:
            demand_proof(proof, wanted, "production", "a:1.0.0")
        assert "publish a version with" in refused.value.hint
