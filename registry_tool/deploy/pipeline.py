"""From a plan to the first switch: the stages, each on record as it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.deploy.analysis import Measurement, Verdict, measure, together
from registry_tool.deploy.comparison import judge_pairs
from registry_tool.deploy.model import INCONCLUSIVE, OK, Deployment, Phase, Rollout, StageEvent
from registry_tool.deploy.plan import Health, Plan
from registry_tool.deploy.rollout import begin, strategy_in, strategy_steps
from registry_tool.deploy.session import RolloutSession, Transition
from registry_tool.deploy.stages import StageFailedError
from registry_tool.deploy.transitions import ended, waiting


def claim(
    work: RolloutSession,
    plan: Plan,
    seen: Deployment | None,
    selected: StageEvent,
    set_aside: tuple[str, ...] = (),
) -> Rollout:
    """Hold a new rollout; one that was left before its switch gives way to it.

    `set_aside` names the rules that a maintainer's override stands in for.
    """
    left = seen.rollout if seen else None
    events: tuple[StageEvent, ...] = (*_override(work, plan, set_aside), selected)
    if left is not None and left.deployment != work.deployment:
        detail: Object = {"deployment": left.deployment, "phase": left.phase.value}
        events = (work.stages.event("abandon", OK, detail), *events)
    rollout = Rollout(
        work.deployment,
        strategy=plan.strategy,
        request=plan.request,
        candidate=plan.candidate(),
        stable=seen.main if seen and seen.serves else None,
        steps=1,
        since=work.now(),
        beat=left.beat if left else 0,
        actor=work.context.actor,
    )
    after = work.take(seen, replace(rollout, steps=strategy_steps(rollout)), events)
    assert after.rollout is not None  # noqa: S101 - it was just written
    return after.rollout


def _override(
    work: RolloutSession, plan: Plan, set_aside: tuple[str, ...]
) -> tuple[StageEvent, ...]:
    """The event of an override, which is also said; nothing where no rule was set aside."""
    if not set_aside:
        return ()
    reason, rules = plan.candidate().override, ", ".join(set_aside)
    work.context.say(f"OVERRIDE: {work.environment}'s rules ({rules}) are set aside: {reason}")
    detail: Object = {"rules": list[Value](set_aside), "reason": reason}
    if work.context.actor:
        detail["actor"] = work.context.actor
    return (work.stages.event("override", OK, detail),)


def run_stages(work: RolloutSession, plan: Plan, rollout: Rollout) -> Deployment:
    """The stages after `select`, then the switch and what follows; the state when it ends or waits."""
    for name, stage in (
        ("configure", plan.configure),
        ("resolve", plan.resolve),
        ("allocate", plan.allocate),
    ):
        event = _run(work, name, stage)
        _note(work, plan, event)
    health = _check(work, plan, rollout)
    if health.status == INCONCLUSIVE:
        reason = "the health check's runs tell too little"
        return _wait(work, Phase.INCONCLUSIVE, reason, health)
    return switch_or_wait(work, plan.needs_approval, health)


def switch_or_wait(work: RolloutSession, needs_approval: bool, *events: StageEvent) -> Deployment:
    """Switch, or wait for people; `events` are written with it."""
    if needs_approval:
        reason = "its environment wants a pull request to be merged first"
        return _wait(work, Phase.APPROVAL, reason, *events)
    return begin(work, *events)


def _run(work: RolloutSession, name: str, stage: Callable[[], Frozen]) -> StageEvent:
    """A stage's event; where it refuses, the refusal is put on record and the rollout is over."""
    try:
        return work.stages.run(name, stage)
    except StageFailedError as failure:
        event = failure.event
        work.write(f"Refuse {work.deployment}", lambda now, held: (ended(now, held), (event,)))
        raise


def _note(work: RolloutSession, plan: Plan, event: StageEvent) -> None:
    def make(now: Deployment, held: Rollout) -> Transition:
        return replace(now, rollout=replace(held, candidate=plan.candidate())), (event,)

    work.write(f"{event.stage.capitalize()} {work.deployment}", make)


def _wait(work: RolloutSession, phase: Phase, reason: str, *events: StageEvent) -> Deployment:
    return work.write(
        f"Wait with {work.deployment}",
        lambda now, held: (
            waiting(now, replace(held, since=work.now()), phase, reason),
            events,
        ),
    )


def _check(work: RolloutSession, plan: Plan, rollout: Rollout) -> StageEvent:
    """The health check's event; it is on record only where it refuses, else it goes with what follows."""
    verdicts: list[Verdict] = []

    def check() -> Frozen:
        with work.beating():
            health = plan.check(rollout.stable, strategy_in(rollout).compare)
        detail, verdict = _judge(rollout, plan, health)
        verdicts.append(verdict)
        return detail

    event = _run(work, "health-check", check)
    return replace(event, status=INCONCLUSIVE) if verdicts == [Verdict.INCONCLUSIVE] else event


def _judge(rollout: Rollout, plan: Plan, health: Health) -> tuple[Object, Verdict]:
    strategy = strategy_in(rollout)
    found = measure(strategy.before, health.samples, plan.candidate().version)
    detail: Object = dict(health.detail)
    verdicts = [found.verdict]
    if strategy.before.thresholds:
        detail["analysis"] = found.to_value()
    if strategy.compare is not None and rollout.stable is not None:
        agreement = judge_pairs(strategy.compare, health.pairs)
        detail["comparison"] = agreement.to_value()
        verdicts.append(agreement.verdict)
        if agreement.verdict is Verdict.FAILED:
            raise RegistryError(
                f"the versions agree on {agreement.agreed} of {agreement.compared} inputs, "
                f"{strategy.compare.agreement:.0%} is wanted; "
                f"they differ on {', '.join(agreement.differing[:5])}",
                hint="look at the difference; raise the major version or lower compare.agreement",
            )
    if found.verdict is Verdict.FAILED:
        raise _broken(found)
    return detail, together(verdicts)


def _broken(found: Measurement) -> RegistryError:
    bad = [f"{m['metric']} {m['value']}" for m in found.metrics if m["verdict"] == "failed"]
    return RegistryError(
        f"the health check's runs break the threshold: {', '.join(bad)}",
        hint="see strategy.before in registry.yaml",
    )
