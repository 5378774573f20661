"""`--dry-run`: which version a run would get, what it may and will likely spend, what the plan leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry_tool.commands.requests.inputs import requested_inputs
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.access import check_access
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admit import checked_id
from registry_tool.commands.run.candidate_run import CandidateRun, select_candidate
from registry_tool.commands.run.explain import costs_of
from registry_tool.commands.run.limits import USUAL_TIMEOUT, RunLimits, ceiling
from registry_tool.core.clock import seconds
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.engine.inputs import checked_inputs
from registry_tool.monitoring.quota import RemainingQuota, demand
from registry_tool.monitoring.records import month_of
from registry_tool.report.explain import ModelCost, cost_words
from registry_tool.runtime.environments import environment_of
from registry_tool.runtime.run_program import (
    RunOptions,
    new_execution_id,
)
from registry_tool.security.keys import KeyRing
from registry_tool.sources.program import Program
from registry_tool.state.runs.records import Recorder, ring_of
from registry_tool.state.target import Target

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LocalRunPreview:
    """What a run of something that is not deployed would get: no plan bounds it, and nobody counts it."""

    reference: str
    ceiling: RunLimits
    timeout: float
    costs: tuple[ModelCost, ...]

    @property
    def refused(self) -> str:
        """Nothing is refused to the local user."""
        return ""

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "workflow": self.reference,
            "timeout": self.timeout,
            "ceiling": self.ceiling.to_value(),
            "forecast": [cost.to_value() for cost in self.costs],
            "left": RemainingQuota().to_value(),
        }

    def facts(self) -> Facts:
        """For people: a name and a sentence each."""
        return [
            ("would run", self.reference),
            ("ceiling", self.ceiling.words(self.timeout)),
            *(("forecast", cost_words(cost)) for cost in self.costs),
            ("quota", "it is not deployed there: this run is not counted"),
        ]


@dataclass(frozen=True, slots=True)
class AdmissionPreview:
    """What an admission would say. `refused` is why there would be none."""

    case: CandidateRun
    execution_id: str
    ceiling: RunLimits
    left: RemainingQuota
    costs: tuple[ModelCost, ...]
    refused: str = ""

    def to_value(self) -> Object:
        """As JSON."""
        case = self.case
        return {
            "execution_id": self.execution_id,
            "workflow": case.deployment.workflow,
            "environment": case.environment,
            "version": case.serving.version,
            "serving": [
                {"version": entry.version, "weight": entry.weight}
                for entry in case.deployment.serving
            ],
            "timeout": case.timeout,
            "ceiling": self.ceiling.to_value(),
            "forecast": [cost.to_value() for cost in self.costs],
            "left": self.left.to_value(),
            "refused": self.refused,
        }

    def facts(self) -> Facts:
        """For people: a name and a sentence each."""
        case = self.case
        served = ", ".join(f"{s.version} ({s.weight} %)" for s in case.deployment.serving)
        return [
            ("would run", f"{case.workflow.reference} in {case.environment}"),
            ("serving", served),
            ("ceiling", self.ceiling.words(case.timeout)),
            *(("forecast", cost_words(cost)) for cost in self.costs),
            ("quota", self.left.words()),
            *([("refused", self.refused)] if self.refused else []),
        ]


def preview(  # noqa: PLR0913 - a request has that many parts, all named
    target: Target,
    environment: str,
    request: ExecuteRequest,
    requester: Requester,
    *,
    execution_id: str = "",
    ring: KeyRing | None = None,
) -> AdmissionPreview:
    """What an admission of this request would say now; nothing is written, and nothing runs."""
    name = checked_id(execution_id) if execution_id else new_execution_id()
    case = select_candidate(target, environment, request, requester, name)
    keys = ring or ring_of(target, environment)
    given = checked_inputs(
        case.workflow, requested_inputs(request, environment, case.workflow, keys)
    )
    costs = costs_of(case.program, environment, case.serving.config, request.provider, given)
    now = target.clock.now()
    month = month_of(now)
    records = Recorder(target, environment, keys).records(month)
    rest = case.left(records, keys, month, now)
    refused = ""
    try:
        check_access(case)
        demand(rest, 1)
    except RegistryError as error:
        refused = str(error)
    return AdmissionPreview(case, name, case.ceiling(rest), rest, costs, refused)


def preview_run(
    target: Target, name: str, inputs: Mapping[str, Value], how: RunOptions
) -> AdmissionPreview:
    """The preview of `puppy-cli run NAME --env E`."""
    request = ExecuteRequest(
        name, inputs, how.provider, max_tokens=how.max_tokens, max_cost=how.max_cost
    )
    return preview(target, how.environment, request, Requester(), execution_id=how.execution_id)


def preview_here(program: Program, inputs: Mapping[str, Value], how: RunOptions) -> LocalRunPreview:
    """The preview of a run of something that is not deployed."""
    workflow = program.workflow
    environment = environment_of(workflow, how.environment, how.overlay)
    bound = ceiling(environment.limits, RemainingQuota(), how.max_tokens, how.max_cost)
    own = workflow.requirements.timeout
    times = [seconds(own)] if own else []
    return LocalRunPreview(
        workflow.reference,
        bound,
        min([*times, *([how.timeout] if how.timeout else [])], default=USUAL_TIMEOUT),
        costs_of(program, how.environment, how.overlay, how.provider, inputs),
    )
