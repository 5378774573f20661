"""Reconciles the desired state with the current one, and says who may go on with what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.deploy.lease import LeaseWatcher
from registry_tool.deploy.model import OK, Deployment, Phase, Rollout, Serving, StageEvent
from registry_tool.deploy.pipeline import claim, run_stages, switch_or_wait
from registry_tool.deploy.plan import Plan
from registry_tool.deploy.process_id import holder_words
from registry_tool.deploy.rollout import advance, begin, changes, evaluate_step
from registry_tool.deploy.session import DeployContext, MovedError, RolloutSession
from registry_tool.deploy.stages import StageFailedError
from registry_tool.deploy.transitions import overridden


class RolloutInTheWayError(RegistryError):
    """Another version's rollout waits for a human; two never interleave."""


def deploy(context: DeployContext, plan: Plan) -> Deployment:
    """Make an environment serve what is planned; the state when that is so, or when somebody must wait.

    `StageFailedError` where a stage refuses, `RolloutInTheWayError` where another rollout waits for a human.
    """
    work = RolloutSession(context, plan.environment, plan.name, plan.deployment)
    selected = _by(context, _select(work, plan))
    desired = _quietly(plan)
    watcher = LeaseWatcher(context.policy)
    view = work.view()
    seen = view.deployment
    if plan.repeated and seen is not None and plan.deployment in view.history().finished:
        context.say(f"{plan.deployment} has ended before: nothing changes")
        return seen
    while True:
        try:
            settled = _settled(context, plan, seen, desired, watcher)
            if settled is not None:
                return settled
            set_aside = () if _resumed(plan, seen) else plan.demand_entry()
            with releasing_on_interrupt(work):
                rollout = claim(work, plan, seen, selected, set_aside)
                return run_stages(work, plan, rollout)
        except MovedError:
            context.policy.pause()
            seen = work.view().deployment


def _select(work: RolloutSession, plan: Plan) -> StageEvent:
    """The stage's event; a refusal is put on record where something of the workflow was deployed before."""
    try:
        return work.stages.run("select", plan.select)
    except StageFailedError as failure:
        if work.view().deployment is not None:
            work.put_on_record(f"Refuse {work.deployment}", _by(work.context, failure.event))
        raise


def _resumed(plan: Plan, seen: Deployment | None) -> bool:
    """Whether this is the very deployment that was let in before and whose deployer died."""
    rollout = seen.rollout if seen else None
    return (
        rollout is not None
        and rollout.deployment == plan.deployment
        and dict(rollout.request) == plan.request
    )


def _by(context: DeployContext, event: StageEvent) -> StageEvent:
    detail: Object = {**event.detail, **({"actor": context.actor} if context.actor else {})}
    return replace(event, detail=detail)


def _settled(
    context: DeployContext,
    plan: Plan,
    seen: Deployment | None,
    desired: Serving | None,
    watcher: LeaseWatcher,
) -> Deployment | None:
    """The state where nothing is left to do for a plan; None where a rollout of its own may begin."""
    if seen is None:
        return None
    rollout, wanted = seen.rollout, f"{plan.name}:{plan.candidate().version}"
    if rollout is None:
        if desired is None or not seen.serves or not desired.same_as(seen.main):
            return None
        context.say(f"{wanted} serves in {plan.environment} already: nothing changes")
        return seen
    if rollout.deployment == plan.deployment and rollout.phase is not Phase.STAGES:
        return proceed(context, seen)
    if rollout.phase.waits and desired is not None and desired.same_as(rollout.candidate):
        return proceed(context, seen)
    if rollout.phase.waits and rollout.step == 0:
        return None  # nothing of it serves yet: the new plan replaces it
    if rollout.phase.waits:
        raise _in_the_way(seen, rollout)
    if not watcher.free(rollout, plan.deployment):
        _be_patient(context, seen, rollout, watcher)
    elif rollout.phase is Phase.STEP:
        _finish_first(context, seen)
    else:
        return None
    raise MovedError


def _finish_first(context: DeployContext, seen: Deployment) -> None:
    """End what a dead deployer left, well or badly, before one's own begins."""
    try:
        proceed(context, seen)
    except StageFailedError as failure:
        context.say(f"what another deployer left has ended: {failure}")


def _be_patient(
    context: DeployContext, seen: Deployment, rollout: Rollout, watcher: LeaseWatcher
) -> None:
    if reason := watcher.words(rollout):
        context.say(f"{reason}; waiting ends after {context.policy.longest:g} s")
    if watcher.tired:
        raise RolloutInTheWayError(
            f"the deployment {rollout.deployment} is still at work on {seen.workflow} "
            f"({holder_words(rollout.holder)} holds it)",
            location=seen.environment,
            hint="try again later, or end it with `puppy-cli rollback`",
        )
    context.policy.pause()


def _in_the_way(seen: Deployment, rollout: Rollout) -> RolloutInTheWayError:
    version = rollout.candidate.version if rollout.candidate else "another version"
    return RolloutInTheWayError(
        f"the rollout of {version} is {rollout.phase.value} at step {rollout.step} of {rollout.steps}",
        location=f"{seen.environment}/{seen.workflow}",
        hint="end it first: `puppy-cli promote` goes on with it, `puppy-cli rollback` takes it back",
    )


def _quietly(plan: Plan) -> Serving | None:
    """What shall serve, where that can be said before the stages; their refusals come in their turn."""
    try:
        for stage in (plan.configure, plan.resolve, plan.allocate):
            stage()
    except RegistryError:
        return None
    return plan.candidate()


def proceed(context: DeployContext, seen: Deployment, *, promoted: bool = False) -> Deployment:
    """Go on with a rollout that nobody holds and that has switched, or waits before its switch.

    `MovedError` where somebody else was faster.
    """
    rollout = seen.rollout
    assert rollout is not None  # noqa: S101 - asked by the callers
    work = RolloutSession(context, seen.environment, seen.workflow, rollout.deployment)
    if rollout.step == 0:
        return _let_in(work, seen, rollout, promoted=promoted)
    idle = rollout.phase.waits and not promoted
    if idle and not changes(evaluate_step(work, rollout), rollout, work.now()):
        return seen
    with releasing_on_interrupt(work):
        taken = replace(rollout, hold="") if promoted else rollout
        taken = overridden(taken, context.override) if promoted else taken
        after = work.take(seen, taken, _why(work, rollout, promoted=promoted))
        assert after.rollout is not None  # noqa: S101 - it was just taken
        return advance(work, after.rollout, promoted=promoted)


def _let_in(
    work: RolloutSession, seen: Deployment, rollout: Rollout, *, promoted: bool
) -> Deployment:
    """What waits before the switch: for an approval that may be there now, or for a human's word."""
    if rollout.phase is Phase.APPROVAL:
        if rollout.hold or not work.view().approved(seen, rollout):
            return seen
        with releasing_on_interrupt(work):
            work.take(seen, rollout, (work.stages.event("approval", OK, {"approved": True}),))
            return begin(work)
    resumed = rollout.phase is Phase.PAUSED and not rollout.hold
    if not promoted and not resumed:
        return seen
    with releasing_on_interrupt(work):
        taken = overridden(replace(rollout, hold=""), work.context.override)
        work.take(seen, taken, _why(work, rollout, promoted=promoted))
        return switch_or_wait(work, bool(rollout.request.get("approval")))


def _why(work: RolloutSession, rollout: Rollout, *, promoted: bool) -> tuple[StageEvent, ...]:
    """On record: a human's word, or that a dead deployer's work goes on."""
    detail: Object = {"step": rollout.step, "steps": rollout.steps}
    if work.context.actor:
        detail["actor"] = work.context.actor
    if promoted and work.context.override:
        detail["override"] = work.context.override
    if promoted:
        return (work.stages.event("promote", OK, detail),)
    return (work.stages.event("resume", OK, detail),) if not rollout.phase.waits else ()


@contextmanager
def releasing_on_interrupt(work: RolloutSession) -> Iterator[None]:
    """Whoever is interrupted lets go of what is held, so that the next one need not wait for the lease."""
    try:
        yield
    except (KeyboardInterrupt, RegistryError):
        with suppress(RegistryError):  # most often nothing is held any more
            work.release()
        raise
