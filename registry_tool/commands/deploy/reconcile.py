"""`reconcile`: complete what an interrupted deployer left, and go on with every rollout that is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from registry_tool.commands.deploy.approval import remove_answered_branches
from registry_tool.commands.deploy.audit import audited
from registry_tool.commands.deploy.deploy import (
    DeployOptions,
    OnEvent,
    context_of,
    deploy_with,
    with_approval,
)
from registry_tool.commands.deploy.stages import parameters_of
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.deploy.deployer import proceed
from registry_tool.deploy.lease import LeaseWatcher
from registry_tool.deploy.model import UNMEASURABLE, WAITS_FOR_A_HUMAN, Deployment, Phase, Rollout
from registry_tool.deploy.render import status_word
from registry_tool.deploy.session import MovedError
from registry_tool.state.target import Target, deployments


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What became of one rollout: the state afterwards, or why it failed."""

    before: Deployment
    after: Deployment | None = None
    error: RegistryError | None = None
    at_work: bool = False

    @property
    def sentence(self) -> str:
        """For people."""
        what = f"{self.before.workflow} in {self.before.environment}"
        if self.at_work:
            return f"{what}: a deployer is at work"
        if self.error is not None:
            return f"{what}: {self.error}"
        rollout = self.after.rollout if self.after else None
        if rollout is None:
            version = self.after.main.version if self.after and self.after.serves else "nothing"
            return f"{what}: {version} serves"
        return f"{what}: {rollout.phase.value} at step {rollout.step} of {rollout.steps}"

    def to_value(self) -> Object:
        """As the command prints it."""
        return {
            "environment": self.before.environment,
            "workflow": self.before.workflow,
            "status": "failed" if self.error else status_word(self.after or self.before),
            "at_work": self.at_work,
            "told": self.sentence,
        }


def reconcile(
    target: Target,
    environment: str = "",
    name: str = "",
    on_event: OnEvent = lambda _: None,
    how: DeployOptions | None = None,
) -> list[Reconciled]:
    """What was done, one entry for each rollout that had not ended; a failure of one does not stop the others."""
    how = how or DeployOptions()
    with audited(target, environment, name, "reconcile", how.actor, how.say):
        done = _reconcile(target, environment, name, on_event, how)
        remove_answered_branches(target, how.say)
        return done


def _reconcile(
    target: Target, environment: str, name: str, on_event: OnEvent, how: DeployOptions
) -> list[Reconciled]:
    found, broken = deployments(target, environment, name)
    unreadable = [
        Reconciled(Deployment(one.workflow, one.environment), error=one.error) for one in broken
    ]
    open_ones = [state for state in found if state.rollout is not None]
    watchers = [LeaseWatcher(how.policy) for _ in open_ones]
    free = [w.free(s.rollout) for w, s in zip(watchers, open_ones, strict=True) if s.rollout]
    done = {
        n: _one(target, open_ones[n], on_event, how) for n, is_free in enumerate(free) if is_free
    }
    for n, (watcher, state) in enumerate(zip(watchers, open_ones, strict=True)):
        if n not in done:  # all leases run out at the same time, however many there are
            held = _waited(target, state, watcher, how)
            done[n] = (
                _one(target, state, on_event, how) if held else Reconciled(state, at_work=True)
            )
    return [*unreadable, *(done[n] for n in sorted(done))]


def _one(target: Target, state: Deployment, on_event: OnEvent, how: DeployOptions) -> Reconciled:
    rollout = state.rollout
    assert rollout is not None  # noqa: S101 - only such are looked at
    try:
        return Reconciled(state, _go_on(target, state, rollout, on_event, how))
    except MovedError:
        return Reconciled(state, at_work=True)
    except RegistryError as error:
        return Reconciled(state, error=error)


def after_run(
    target: Target, environment: str, name: str, on_event: OnEvent, how: DeployOptions
) -> Reconciled | None:
    """Look at a workflow's rollout once a run has ended, so that no clock has to be waited for.

    None where no rollout waits for runs. What goes wrong is reported, not raised: the run has ended all the same.
    """
    state: Deployment | None = None
    try:
        state = target.store().find(environment, name)
        rollout = state.rollout if state else None
        if state is None or rollout is None or not rollout.phase.waits or not rollout.step:
            return None
        with audited(target, environment, name, "reconcile", rollout.actor, how.say):
            return _one(target, state, on_event, how)
    except RegistryError as error:
        return Reconciled(state or Deployment(name, environment), error=error)


def keep_reconciling(  # noqa: PLR0913, PLR0917 - what, where, how long
    target: Target,
    environment: str,
    name: str,
    on_event: OnEvent,
    how: DeployOptions,
    longest: float,
) -> list[Reconciled]:
    """Reconcile again and again for some seconds, or until only people can go on; the last of each rollout."""
    policy = replace(how.policy, poll=(_LOOK, _LOOK))
    until, seen = policy.monotonic() + longest, dict[tuple[str, str], Reconciled]()
    own = replace(how, say=_once(how.say))
    while True:
        found = reconcile(target, environment, name, on_event, own)
        seen |= {(e.before.environment, e.before.workflow): e for e in found}
        if not any(map(_moves_by_itself, found)) or policy.monotonic() + _LOOK > until:
            return list(seen.values())
        policy.pause()


_LOOK = 15.0
"""Seconds between two looks at what runs have brought."""


def _moves_by_itself(entry: Reconciled) -> bool:
    """Whether a clock, runs or a deployer go on with it, rather than people."""
    return entry.at_work or (entry.after is not None and continues_unattended(entry.after))


def continues_unattended(state: Deployment) -> bool:
    """Whether a rollout is left that needs time or runs, and no people."""
    rollout = state.rollout
    if rollout is None or rollout.hold or rollout.step == 0:
        return False
    return rollout.reason != WAITS_FOR_A_HUMAN and not rollout.reason.startswith(UNMEASURABLE)


def _waited(
    target: Target, state: Deployment, watcher: LeaseWatcher, how: DeployOptions
) -> Rollout | None:
    """The rollout once nobody holds it; None where its holder shows that it lives."""
    rollout = state.rollout
    now = target.store().find(state.environment, state.workflow)
    if now is None or now.rollout != rollout:
        return None
    while rollout is not None and not watcher.free(rollout):
        if message := watcher.words(rollout):
            how.say(f"{state.workflow} in {state.environment}: {message}")
        how.policy.pause()
        now = target.store().find(state.environment, state.workflow)
        if now is None or now.rollout != rollout:
            return None
    return rollout


def _go_on(
    target: Target, state: Deployment, rollout: Rollout, on_event: OnEvent, how: DeployOptions
) -> Deployment:
    own = replace(how, id=rollout.deployment, actor=rollout.actor)
    if rollout.phase is Phase.STAGES:
        return deploy_with(target, parameters_of(rollout.request), state.environment, on_event, own)
    return with_approval(target, proceed(context_of(target, on_event, own), state), own)


def wait_for(
    target: Target, state: Deployment, on_event: OnEvent, how: DeployOptions, longest: float
) -> Deployment:
    """Go on with a rollout whenever it is due, until it ends or `longest` seconds are over."""
    with audited(target, state.environment, state.workflow, "reconcile", how.actor, how.say):
        return _wait_for(target, state, on_event, how, longest)


def _wait_for(
    target: Target, state: Deployment, on_event: OnEvent, how: DeployOptions, longest: float
) -> Deployment:
    policy = how.policy
    until = policy.monotonic() + longest
    own = replace(how, say=_once(how.say))
    while state.rollout is not None and policy.monotonic() < until:
        policy.pause()
        now = target.store().find(state.environment, state.workflow)
        if now is None or now.rollout is None or now.rollout.deployment != state.rollout.deployment:
            return now or state
        state = now
        if now.rollout.phase.waits:
            state = _advanced(target, now, now.rollout, on_event, own)
    return state


def _advanced(
    target: Target, now: Deployment, rollout: Rollout, on_event: OnEvent, how: DeployOptions
) -> Deployment:
    try:
        return proceed(context_of(target, on_event, how), now)
    except MovedError:
        return now


def _once(say: Callable[[str], None]) -> Callable[[str], None]:
    """Says each sentence once."""
    seen: set[str] = set()

    def once(sentence: str) -> None:
        if sentence not in seen:
            seen.add(sentence)
            say(sentence)

    return once
