"""`puppy-cli explain`: what a run would do, without running anything and without asking anybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from registry_tool.commands.consume.unknown_names import demand_environment_of
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.estimate import CallCount, EdgeForecast, forecast
from registry_tool.engine.plan import plan
from registry_tool.engine.providers.all_providers import price_of
from registry_tool.engine.providers.models.metered import free
from registry_tool.manifest.destinations import destinations
from registry_tool.manifest.egress import called, egress
from registry_tool.manifest.model import Workflow
from registry_tool.report.explain import ExplainedEdge, Explanation, ModelCost
from registry_tool.runtime.run_program import environment_of
from registry_tool.sources.lock_file import locked_here
from registry_tool.sources.program import Program
from registry_tool.sources.reference import open_reference

ReadInputs = Callable[[Workflow], Mapping[str, Value]]


def explain(
    reference: str,
    registry: str,
    read_inputs: ReadInputs,
    *,
    environment: str = "",
    provider: str = "",
) -> Explanation:
    """What a run of a reference or path would do in an environment. Inputs may be left out."""
    opened = open_reference(reference, registry, locked_here())
    program = opened.program
    demand_environment_of(program.workflow, registry, environment)
    here = environment_of(program.workflow, environment)
    answering = provider or str(here.overrides.get("provider") or "")
    given = read_inputs(program.workflow)
    steps = list(_steps(program, program.workflow, environment, given, CallCount()).values())
    return Explanation(
        reference=program.workflow.reference,
        digest=program.digest,
        environment=environment,
        provider=answering,
        timeout=program.workflow.requirements.timeout,
        steps=tuple(steps),
        costs=tuple(_costs(steps, answering)),
        flows=tuple(sorted(egress(program.workflow, _workflows(program)))),
        callees=tuple(callee.workflow.reference for callee in program.callees.values()),
        warnings=opened.warnings,
    )


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
    steps = _steps(program, program.workflow, environment, given, CallCount(), overlay)
    return tuple(_costs(list(steps.values()), answering))


def _workflows(program: Program) -> dict[str, Workflow]:
    return {name: callee.workflow for name, callee in program.callees.items()}


_Steps = dict[tuple[str, str], ExplainedEdge]


def _steps(  # noqa: PLR0913, PLR0917 - whose steps, where, and what is known
    program: Program,
    workflow: Workflow,
    environment: str,
    given: Mapping[str, Value],
    runs: CallCount,
    overlay: Frozen | None = None,
) -> _Steps:
    """Steps by workflow and edge, those of called workflows included; each as often as its callers call it."""
    known = overlay is not None or environment in workflow.environment_by_name
    here = environment_of(workflow, environment if known else "", overlay)
    found: _Steps = {}
    for item in forecast(plan(workflow), here, given):
        counted = replace(item, calls=item.calls * runs)
        sends_to = tuple(sorted(destinations(workflow, item.edge)))
        _add(
            found,
            {(workflow.name, item.edge.id): ExplainedEdge(workflow.reference, counted, sends_to)},
        )
        callee = program.callees.get(called(item.edge))
        if callee is not None:
            _add(found, _steps(program, callee.workflow, environment, {}, counted.calls))
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
    return ModelCost(model, calls, prompt + answer, least, most)
