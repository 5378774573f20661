"""`deploy --dry-run`: what a deployment would do, stage by stage; nothing is written, no workflow runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry_tool.catalogue.environments import Approval, EnvironmentSettings
from registry_tool.commands.deploy.access import DeployerError, may_deploy, person_in
from registry_tool.commands.deploy.deploy import DeployOptions
from registry_tool.commands.deploy.health_check import Probe, cases_for
from registry_tool.commands.deploy.preconditions import EntryError
from registry_tool.commands.deploy.stages import DeployParameters, RegistryPlan, name_in
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.deploy.model import Deployment, Serving
from registry_tool.deploy.state import serving_value
from registry_tool.deploy.strategy import HUMAN, WAIT, Step, read_strategy
from registry_tool.state.target import Target, settings_of

DRY_RUN = "dry-run"


@dataclass(frozen=True, slots=True)
class DeploymentPreview:
    """`stages` are those that were looked at, with what they found; `refused` is why the next would not pass."""

    name: str
    environment: str
    candidate: Serving
    stages: tuple[tuple[str, Object], ...]
    refused: str
    effect: str
    steps: tuple[Object, ...]
    approval: str
    health: Object

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "dry_run": True,
            "workflow": self.name,
            "environment": self.environment,
            "would": self.effect,
            "refused": self.refused,
            "candidate": serving_value(self.candidate),
            "stages": [{"stage": name, **detail} for name, detail in self.stages],
            "health_check": self.health,
            "steps": list[Value](self.steps),
            "approval": self.approval,
        }

    def facts(self) -> Iterator[tuple[str, str]]:
        """For people: a word and a sentence a line."""
        yield "would", self.effect
        yield (
            "version",
            f"{self.name}:{self.candidate.version or '?'} {self.candidate.digest}".strip(),
        )
        if self.refused:
            yield "refused", self.refused
            return
        config = ", ".join(f"{key}: {value}" for key, value in self.candidate.config.items())
        yield "config", f"{config or 'as the manifest says'} ({self.candidate.config_digest})"
        lock = ", ".join(f"{name}:{v}" for name, v in self.candidate.lock.versions.items())
        yield "lock", f"{lock or 'no dependencies'} ({self.candidate.lock.digest})"
        allocated = ", ".join(f"{key} {value}" for key, value in self.candidate.allocation.items())
        yield "allocation", allocated
        for stage, detail in self.stages:
            if stage == "configure":
                yield (
                    "secrets",
                    f"here: {_list(detail.get('secrets'))}; absent: {_list(detail.get('absent'))}",
                )
        yield (
            "health",
            f"{self.health['tests']} tests, on {self.health['answers']} answers; none was run now",
        )
        for key in ("providers", "unproved"):
            if listed := self.health.get(key):
                yield key, _list(listed)
        for number, step in enumerate(self.steps, 1):
            yield f"step {number}", ", ".join(f"{key} {value}" for key, value in step.items())
        yield "approval", self.approval


def _list(value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) and value else "none"


def preview(
    target: Target, reference: str, environment: str, how: DeployOptions | None = None
) -> DeploymentPreview:
    """What `deploy` would do; `DeployerError` for who may not, `UsageError` for what can't be read."""
    how = how or DeployOptions()
    name, own = name_in(reference), settings_of(target, environment)
    decision = may_deploy(target, name, person_in(target))
    if not decision.allowed:
        raise DeployerError(decision.reason, location=name, hint=decision.hint)
    parameters = DeployParameters(reference, how.strategy, how.config, override=how.override)
    plan = RegistryPlan(target, environment, DRY_RUN, parameters)
    stages, refused = _look(plan)
    now = target.store().find(environment, name)
    refused = "; ".join(filter(None, (_rules(plan, now), refused)))
    health: Object = {}
    if not refused:
        health, refused = _health(target, plan, environment)
    steps = _steps(plan, now)
    return DeploymentPreview(
        name,
        environment,
        plan.candidate(),
        stages,
        refused,
        "be refused" if refused else _effect(plan, now),
        steps,
        _approval(own),
        health,
    )


def _rules(plan: RegistryPlan, now: Deployment | None) -> str:
    """Which of the environment's rules would refuse it; empty where none would, or nothing would change."""
    if now is not None and now.serves and plan.candidate().same_as(now.main):
        return ""
    if not plan.candidate().digest:
        return ""
    try:
        plan.demand_entry()
    except EntryError as error:
        return str(error)
    return ""


def _look(plan: RegistryPlan) -> tuple[tuple[tuple[str, Object], ...], str]:
    found: list[tuple[str, Object]] = []
    for name, stage in (
        ("select", plan.select),
        ("configure", plan.configure),
        ("resolve", plan.resolve),
        ("allocate", plan.allocate),
    ):
        try:
            found.append((name, stage()))
        except RegistryError as error:
            return tuple(found), f"at {name}: {error}"
    return tuple(found), ""


def _effect(plan: RegistryPlan, now: Deployment | None) -> str:
    """What would become of what serves and of a rollout in progress."""
    candidate = plan.candidate()
    rollout = now.rollout if now else None
    if (
        rollout is not None
        and rollout.candidate is not None
        and candidate.same_as(rollout.candidate)
    ):
        return f"go on with the rollout {rollout.deployment} ({rollout.phase.value})"
    if rollout is not None and rollout.step:
        return f"be refused: a rollout is {rollout.phase.value} at step {rollout.step} of {rollout.steps}"
    replaced = f", and abandon {rollout.deployment}" if rollout is not None else ""
    if now is None or not now.serves:
        return f"serve at once: nothing serves yet{replaced}"
    if candidate.same_as(now.main):
        return "change nothing: exactly this serves"
    return f"replace {now.main.version}{replaced}"


def _steps(plan: RegistryPlan, now: Deployment | None) -> tuple[Object, ...]:
    strategy = read_strategy(plan.strategy, "strategy")
    steps = strategy.steps if now is not None and now.serves else strategy.steps[-1:]
    unmeasured = "goes on" if strategy.advances_unmeasured else WAIT
    return tuple(_step(step, unmeasured) for step in steps)


def _step(step: Step, unmeasured: str) -> Object:
    pause: Value = HUMAN if step.pause is None else f"{step.pause:g}s"
    metrics = [threshold.metric for threshold in step.analysis.thresholds]
    value: Object = {"weight": step.weight, "pause": pause, "metrics": " ".join(metrics) or "none"}
    return value if metrics or step.weight == 100 else {**value, "unmeasured": unmeasured}


def _approval(own: EnvironmentSettings) -> str:
    if own.approval is Approval.PULL_REQUEST:
        who = f" by {' or '.join(own.approvers)}" if own.approvers else ""
        return f"a pull request into the branch deployments is merged{who}"
    if own.approval is Approval.ENVIRONMENT:
        return f"the reviewers of {own.name}-approval on the forge; this command asks nobody"
    return "none"


def _health(target: Target, plan: RegistryPlan, environment: str) -> tuple[Object, str]:
    """How the health check would go, with what shows that providers can be asked; and what it would refuse."""
    program, config = plan.opened.program, plan.candidate().config
    probe = Probe(target.root, environment, program, config)
    cases, live = cases_for(probe)
    found: Object = {"tests": len(cases), "answers": probe.provider if live else "recorded"}
    try:
        return {**found, **plan.proof().to_value()}, ""
    except RegistryError as error:
        return found, f"at health-check: {error}"
