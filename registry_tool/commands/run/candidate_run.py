"""What is known of a requested run before anything is written: which version, its limits, what the plan leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.limits import RunLimits, ceiling, limits_of, timeout_of
from registry_tool.commands.run.opening import OpenServing
from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Object
from registry_tool.deploy.model import Deployment, Serving
from registry_tool.manifest.model import Workflow
from registry_tool.monitoring.quota import RemainingQuota, left, plan_of, used
from registry_tool.monitoring.records import RunRecord
from registry_tool.monitoring.runs import runs_of
from registry_tool.runtime.environments import environment_of
from registry_tool.security.keys import KeyRing
from registry_tool.sources.program import Program
from registry_tool.state.target import Target, deployed, open_serving

FindDeployment = Callable[[Target, str, str], Deployment]
"""Finds what serves of a workflow (name) in an environment, as `deployed` does."""


class CandidateRun(Record, frozen=True):
    """A requested run, and all that bears on it. `runs` is how many runs it counts as."""

    target: Target
    request: ExecuteRequest
    requester: Requester
    deployment: Deployment
    serving: Serving
    program: Program
    settings: RegistrySettings
    runs: int = 1

    @property
    def environment(self) -> str:
        """Where it shall run."""
        return self.deployment.environment

    @property
    def workflow(self) -> Workflow:
        """What shall run."""
        return self.program.workflow

    @property
    def limits(self) -> Object:
        """The limits of a run: the manifest's and the registry's."""
        return limits_of(self.workflow, self.environment, self._registry_limits)

    @property
    def timeout(self) -> float:
        """Seconds that a run has."""
        return timeout_of(self.workflow, self.serving, self._registry_limits)

    @property
    def plan(self) -> str:
        """The name of the actor's plan, empty where none bounds them."""
        if self.requester.is_local:
            return ""
        plan = plan_of(self.requester.id, self.settings.access, self.settings.plans)
        return plan.name if plan else ""

    @property
    def _registry_limits(self) -> Frozen:
        own = self.settings.environments.get(self.environment)
        return own.limits if own else {}

    def left(
        self, records: list[RunRecord], ring: KeyRing, month: str, now: datetime
    ) -> RemainingQuota:
        """What the actor's plan still gives; no plan bounds the local user."""
        if self.requester.is_local:
            return RemainingQuota()
        plan = plan_of(self.requester.id, self.settings.access, self.settings.plans)
        actors = ring.pseudonyms("actor", self.requester.name)
        return left(plan, used(runs_of(records, now), actors), month)

    def ceiling(self, rest: RemainingQuota) -> RunLimits:
        """What it may spend."""
        request = self.request
        return ceiling(self.limits, rest, request.max_tokens, request.max_cost, self.runs)

    def widest(self, runs: int) -> RunLimits:
        """What it might spend if neither the request nor a plan bounded it."""
        return ceiling(self.limits, RemainingQuota(), None, None, runs)

    @property
    def names_another_provider(self) -> bool:
        """Whether the request wants another provider asked than the deployment's configuration names."""
        configured = environment_of(self.workflow, self.environment, self.serving.config)
        return self.request.provider not in {"", configured.overrides.get("provider")}


class ServedNoLongerError(RegistryError):
    """A run that was asked for before began with a version that serves no more."""


def select_candidate(  # noqa: PLR0913 - a request has that many parts, all named
    target: Target,
    environment: str,
    request: ExecuteRequest,
    requester: Requester,
    execution_id: str,
    *,
    version: str = "",
    runs: int = 1,
    opening: OpenServing = open_serving,
    finding: FindDeployment = deployed,
) -> CandidateRun:
    """The version that serves a run: chosen by weight, or the one that it was admitted with before."""
    deployment = finding(target, request.workflow, environment)
    serving = _serving(deployment, version) if version else deployment.choose(execution_id)
    program = opening(target, request.workflow, serving).program
    return CandidateRun(
        target, request, requester, deployment, serving, program, target.settings(), runs
    )


def _serving(deployment: Deployment, version: str) -> Serving:
    for serving in deployment.serving:
        if serving.version == version:
            return serving
    raise ServedNoLongerError(
        f"this run was admitted with {deployment.workflow}:{version}, which serves no longer",
        hint="ask for a new run, with an execution id of its own",
    )
