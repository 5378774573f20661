"""From one state of a deployment to the next; pure. Weights always sum to 100."""

from __future__ import annotations

from dataclasses import replace

from registry_tool.core.errors import RegistryError
from registry_tool.deploy.model import BUCKETS, Deployment, Phase, Rollout, Serving
from registry_tool.deploy.strategy import Strategy


class LeaseLostError(RegistryError):
    """Somebody else took the rollout over, or ended it; whoever meets this writes nothing more."""


def held(now: Deployment | None, deployment: str, holder: str) -> Rollout:
    """The rollout, where it is still this deployment's and this holder's."""
    rollout = now.rollout if now else None
    if rollout is None or (rollout.deployment, rollout.holder) != (deployment, holder):
        raise LeaseLostError(
            f"the deployment {deployment} was taken over or ended by another; nothing more was written",
            hint="see `puppy-cli status`",
        )
    return rollout


def claimed(now: Deployment, rollout: Rollout) -> Deployment:
    """A rollout begins, or goes on under another holder."""
    return replace(now, rollout=rollout)


def waiting(now: Deployment, rollout: Rollout, phase: Phase, reason: str) -> Deployment:
    """The rollout waits; nobody holds it."""
    return replace(now, rollout=replace(rollout, phase=phase, reason=reason, holder=""))


def switched(
    now: Deployment, rollout: Rollout, strategy: Strategy, step: int, since: str
) -> Deployment:
    """Step `step` (from 1) takes effect: the candidate gets its weight, what served the rest."""
    candidate = _since(now, rollout, since)
    weight = strategy.steps[step - 1].weight if rollout.stable else BUCKETS
    return replace(
        now,
        serving=_shared(candidate, rollout.stable, weight),
        rollout=replace(
            rollout, step=step, steps=len(strategy.steps), since=since, phase=Phase.STEP, failures=0,
            reason="",
        ),
    )  # fmt: skip


def _since(now: Deployment, rollout: Rollout, since: str) -> Serving:
    """The candidate, with the moment when it began to serve."""
    candidate = rollout.candidate
    assert candidate is not None  # noqa: S101 - known since `allocate`
    begun = [s.since for s in now.serving if s.deployment == candidate.deployment]
    return replace(candidate, since=begun[0] if begun else since)


def _shared(candidate: Serving, stable: Serving | None, weight: int) -> tuple[Serving, ...]:
    if stable is None:
        return (candidate.at(BUCKETS),)
    return (candidate.at(weight), stable.at(BUCKETS - weight))


def overridden(rollout: Rollout, reason: str) -> Rollout:
    """The rollout with a maintainer's reason on its candidate; as it is without one."""
    candidate = rollout.candidate
    if not reason or candidate is None:
        return rollout
    return replace(rollout, candidate=replace(candidate, override=reason))


def finished(now: Deployment, rollout: Rollout, strategy: Strategy) -> Deployment:
    """The candidate serves alone; blue-green keeps the old one ready."""
    kept = rollout.stable if strategy.keeps_stable else None
    return replace(
        now,
        serving=_shared(_since(now, rollout, ""), kept, BUCKETS),
        previous=rollout.stable,
        rollout=None,
        id=rollout.deployment,
        actor=rollout.actor,
    )


def ended(now: Deployment, rollout: Rollout) -> Deployment:
    """The rollout is over and what served before it serves alone again (or nothing, where nothing did)."""
    if rollout.step == 0:
        return replace(now, rollout=None)
    serving = (rollout.stable.at(BUCKETS),) if rollout.stable else ()
    return replace(now, serving=serving, rollout=None)


def returned(
    now: Deployment, target: Serving, previous: Serving | None, deployment: str, actor: str
) -> Deployment:
    """A version of before serves alone, as it was recorded then (`target`); whatever was going on is over."""
    return replace(
        now,
        serving=(target.at(BUCKETS),),
        previous=previous,
        rollout=None,
        id=deployment,
        actor=actor,
    )
