"""`puppy-cli explain`: what a run would do, without running anything and without asking anybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from registry_tool.commands.author.build import published_files
from registry_tool.commands.consume.unknown_names import demand_environment_of
from registry_tool.core.errors import NotFoundError
from registry_tool.core.values import Frozen, Value
from registry_tool.deploy.configuration import overlay_of
from registry_tool.engine.estimate import CallCount, EdgeForecast, forecast
from registry_tool.engine.plan import plan
from registry_tool.engine.providers.all_providers import price_of
from registry_tool.engine.providers.models.metered import free
from registry_tool.manifest.callee_environment import callee_environment
from registry_tool.manifest.destinations import called, destinations
from registry_tool.manifest.digest import digest
from registry_tool.manifest.egress import Flow, egress
from registry_tool.manifest.flow.toxic import ToxicFlow, isolating, toxic_flows
from registry_tool.manifest.model import Environment, Workflow
from registry_tool.manifest.names import bad_name
from registry_tool.report.explain import ExplainedEdge, Explanation, ModelCost
from registry_tool.runtime.environments import environment_of
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice
from registry_tool.sources.lock_file import locked_here
from registry_tool.sources.program import Program
from registry_tool.sources.reference import OpenedProgram, open_reference
from registry_tool.state.target import Target, deployed, open_deployed
from registry_tool.store import paths
from registry_tool.store.registry_tree import holds_registry

ReadInputs = Callable[[Workflow], Mapping[str, Value]]


def explain(
    reference: str,
    registry: AnyRegistry,
    read_inputs: ReadInputs,
    *,
    environment: str = "",
    provider: str = "",
) -> Explanation:
    """What a run of a reference or path would do in an environment. Inputs may be left out.

    A bare name means the version that is deployed there, with its configuration, as for `run`. Where none
    is, it is looked at as a deployment would configure it now.
    """
    opened, here = _opened(reference, registry, environment)
    program = opened.program
    answering = provider or str(here.overrides.get("provider") or "")
    given = read_inputs(program.workflow)
    steps = list(_steps(program, program.workflow, here, here, given, CallCount()).values())
    return Explanation(
        reference=program.workflow.reference,
        digest=_published_digest(program),
        environment=environment,
        provider=answering,
        timeout=program.workflow.requirements.timeout,
        steps=tuple(steps),
        costs=tuple(_costs(steps, answering)),
        flows=tuple(sorted(_egress(program, here))),
        callees=tuple(callee.workflow.reference for callee in program.callees.values()),
        warnings=opened.warnings,
        toxic=_toxic(program, here),
        isolating=isolating(program.workflow, _workflows(program)),
    )


def _published_digest(program: Program) -> str:
    """The digest; a project's is that of the version that it would be published as, as `build` tells it."""
    if paths.PROJECT_MANIFEST not in program.files:
        return program.digest
    return digest(published_files(program.files, program.workflow))


def _opened(
    reference: str, registry: AnyRegistry, environment: str
) -> tuple[OpenedProgram, Environment]:
    """What would run, and with what."""
    root = as_choice(registry).folder
    if environment and bad_name(reference) is None and root and holds_registry(root):
        target = Target(root)
        with suppress(NotFoundError):  # nothing is deployed there, or from here
            deployment = deployed(target, reference, environment)
            opened = open_deployed(target, deployment)
            config = deployment.config
            return opened, environment_of(opened.program.workflow, environment, config)
        own = target.settings().environments.get(environment)
        if own is not None:
            opened = open_reference(reference, registry, locked_here())
            overlay = overlay_of(own, {})
            workflow = opened.program.workflow
            return opened, environment_of(workflow, environment, overlay, entire=False)
    opened = open_reference(reference, registry, locked_here())
    demand_environment_of(opened.program.workflow, registry, environment)
    return opened, environment_of(opened.program.workflow, environment)


def _egress(program: Program, here: Environment) -> frozenset[Flow]:
    return egress(program.workflow, _workflows(program), here if here.name else None)


def _toxic(program: Program, here: Environment) -> tuple[ToxicFlow, ...]:
    return toxic_flows(program.workflow, _workflows(program), here if here.name else None)


def costs_of(
    program: Program,
    environment: str,
    overlay: Frozen | None,
    provider: str,
    given: Mapping[str, Value],
) -> tuple[ModelCost, ...]:
    """What a run of a program would cost in an environment, `overlay` on top of its configuration."""
    here = environment_of(program.workflow, environment, overlay)
    answering = provider or str(here.overrides.get("provider") or "")
    steps = _steps(program, program.workflow, here, here, given, CallCount())
    return tuple(_costs(list(steps.values()), answering))


def _workflows(program: Program) -> dict[str, Workflow]:
    return {name: callee.workflow for name, callee in program.callees.items()}


_Steps = dict[tuple[str, str], ExplainedEdge]


def _steps(  # noqa: PLR0913, PLR0917 - whose steps, where, and what is known
    program: Program,
    workflow: Workflow,
    here: Environment,
    run: Environment,
    given: Mapping[str, Value],
    runs: CallCount,
) -> _Steps:
    """Steps by workflow and edge, those of called workflows included; each as often as its callers call it."""
    found: _Steps = {}
    for item in forecast(plan(workflow), here, given):
        counted = replace(item, calls=item.calls * runs)
        sends_to = tuple(sorted(destinations(workflow, item.edge, here if here.name else None)))
        _add(
            found,
            {(workflow.name, item.edge.id): ExplainedEdge(workflow.reference, counted, sends_to)},
        )
        callee = program.callees.get(called(item.edge))
        if callee is not None:
            there = callee_environment(callee.workflow, run)
            _add(found, _steps(program, callee.workflow, there, run, {}, counted.calls))
    return found


def _add(found: _Steps, more: _Steps) -> None:
    for key, step in more.items():
        calls = step.forecast.calls
        if key in found:
            calls += found[key].forecast.calls
        found[key] = replace(step, forecast=replace(step.forecast, calls=calls))


def _costs(steps: list[ExplainedEdge], provider: str) -> list[ModelCost]:
    """One entry a model and address."""
    totals: dict[tuple[str, str], list[EdgeForecast]] = {}
    for step in steps:
        if step.forecast.model:
            key = (step.forecast.model, step.forecast.base_url)
            totals.setdefault(key, []).append(step.forecast)
    return [_cost(model, address, found, provider) for (model, address), found in totals.items()]


def _cost(model: str, address: str, found: list[EdgeForecast], provider: str) -> ModelCost:
    calls, prompt, answer = CallCount(0, 0), CallCount(0, 0), CallCount(0, 0)
    price = price_of("openai" if all(item.embeds for item in found) else provider)
    for item in found:
        calls += item.calls
        prompt += item.calls * item.prompt
        answer += item.calls * item.answer
    least = price(model, address, prompt.least, answer.least)
    most = least if price is free else None
    if prompt.most is not None and answer.most is not None:
        most = price(model, address, prompt.most, answer.most)
    return ModelCost(model, calls, prompt + answer, least, most, address)
