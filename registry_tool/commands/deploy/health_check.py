"""A version's health in an environment before anything serves: its tests, and the same inputs through both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from registry_tool.catalogue.environments import HealthCheck
from registry_tool.commands.deploy.health_evidence import demand_proof, proof_of
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import inside, parse_json, read_limited
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.deploy.analysis import Sample
from registry_tool.deploy.comparison import TESTS, Compare, ComparedRun
from registry_tool.deploy.plan import Health
from registry_tool.engine.providers.all_providers import REPLAY
from registry_tool.engine.run import RunResult
from registry_tool.manifest.model import Environment, TestCase, Workflow
from registry_tool.runtime.environments import environment_of
from registry_tool.runtime.run_program import (
    RunOptions,
    asks_model,
    run_program,
)
from registry_tool.runtime.run_tests import SuiteOptions, test_program
from registry_tool.security.offline import no_network
from registry_tool.sources.program import Program

_MOST_INPUTS = 1_000


@dataclass(frozen=True, slots=True)
class Probe:
    """What is looked at: a program with its configuration in an environment of the registry at `root`.

    `wanted` is what the environment wants proved.
    """

    root: Path
    environment: str
    program: Program
    config: Frozen
    wanted: HealthCheck = HealthCheck.ANY

    @property
    def provider(self) -> str:
        """The environment's own provider, empty where it has none."""
        return _provider_in(self.config)


def check_health(
    probe: Probe, compare: Compare | None, served: Program | None, served_config: Frozen
) -> Health:
    """Run the tests; `RegistryError` where one fails, or where they would prove too little.

    Samples are the runs that were made. The detail says in words what was proved.
    """
    samples: list[Sample] = []
    cases, live = cases_for(probe)
    proof = proof_of(probe.program, cases, live=live)
    demand_proof(proof, probe.wanted, probe.environment, probe.program.workflow.reference)
    version = probe.program.workflow.version
    report = test_program(
        _in_environment(probe, cases, live=live),
        SuiteOptions(
            probe.provider if live else "", heard=lambda run: samples.append(_sample(run, version))
        ),
    )
    failed = [case for case in report.cases if not case.passed]
    if failed:
        reference = probe.program.workflow.reference
        raise RegistryError(
            f"the test {failed[0].name!r} fails: {'; '.join(failed[0].reasons[:3])}",
            location=reference,
            hint=f"see `puppy-cli test {reference}`",
        )
    answers = probe.provider if live else "recorded"
    detail: Object = {"tests": len(report.cases), "answers": answers, **proof.to_value()}
    if compare is None or served is None:
        return Health(detail, tuple(samples))
    pairs = tuple(_pairs(probe, compare, served, served_config, samples))
    return Health(detail, tuple(samples), pairs)


def cases_for(probe: Probe) -> tuple[tuple[TestCase, ...], bool]:
    """The tests to run, and whether they are asked live.

    Tests that name the environment are its smoke tests, live where it has a provider. Else all tests count, on
    recorded answers, but those that name another environment.
    """
    tests = probe.program.workflow.tests
    smoke = tuple(case for case in tests if case.environment == probe.environment)
    if smoke and probe.provider:
        return smoke, True
    return tuple(case for case in tests if case.environment in {"", probe.environment}), False


def _in_environment(probe: Probe, cases: tuple[TestCase, ...], *, live: bool) -> Program:
    """The program with those tests, and with the deployment's configuration for tests that name the environment.

    Recorded answers belong to the configuration they were recorded in, so a replayed model keeps the manifest's.
    """
    workflow = replace(probe.program.workflow, tests=cases)
    if live or not asks_model(probe.program):
        workflow = _configured(workflow, probe)
    return replace(probe.program, workflow=workflow)


def _configured(workflow: Workflow, probe: Probe) -> Workflow:
    own: Environment = environment_of(workflow, probe.environment, probe.config)
    others = [e for e in workflow.environments if e.name != own.name]
    return replace(workflow, environments=(*others, own))


def _sample(result: RunResult, version: str) -> Sample:
    usage = result.usage
    return Sample(version, result.status, result.seconds, usage.tokens, usage.cost_usd, "")


def _provider_in(config: Frozen) -> str:
    """The provider that a deployment's configuration names; empty for none, and for recorded answers."""
    named = str(config.get("provider") or "")
    return "" if named == REPLAY else named


def _pairs(
    probe: Probe, compare: Compare, served: Program, served_config: Frozen, samples: list[Sample]
) -> Iterator[ComparedRun]:
    """Both versions' outputs for every input, each with its own configuration."""
    own, other = probe.provider or REPLAY, _provider_in(served_config) or REPLAY
    with no_network() if {own, other} == {REPLAY} else nullcontext():
        for name, inputs in _inputs(probe, compare):
            result = _run(probe.program, inputs, probe.environment, own, probe.config)
            if result is not None:
                samples.append(_sample(result, probe.program.workflow.version))
            stable = _run(served, inputs, probe.environment, other, served_config)
            yield ComparedRun(name, _outputs(stable), _outputs(result))


def _run(
    program: Program, inputs: Mapping[str, Value], environment: str, provider: str, config: Frozen
) -> RunResult | None:
    how = RunOptions(environment, provider, overlay=config, fresh=True)
    try:
        return run_program(program, inputs, how)
    except RegistryError:
        return None  # an input that a version does not know, an answer that is not recorded


def _outputs(result: RunResult | None) -> Frozen | None:
    return None if result is None or result.error else result.outputs


def _inputs(probe: Probe, compare: Compare) -> Iterator[tuple[str, Mapping[str, Value]]]:
    if compare.inputs == TESTS:
        for case in cases_for(probe)[0]:
            yield case.name, case.inputs
        return
    data = read_limited(inside(probe.root, compare.inputs))
    lines = [line for line in data.splitlines() if line.strip()]
    if len(lines) > _MOST_INPUTS:
        raise RegistryError(
            f"it has more than {_MOST_INPUTS} lines", location=compare.inputs, hint="take a sample"
        )
    for number, line in enumerate(lines, 1):
        value = parse_json(line, location=f"{compare.inputs}:{number}")
        if not isinstance(value, dict):
            raise RegistryError(
                "it is not an object of inputs", location=f"{compare.inputs}:{number}"
            )
        yield f"line {number}", value
