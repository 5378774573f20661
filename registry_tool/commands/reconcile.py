"""`reconcile`: complete what an interrupted deployer left, and go on with every rollout that is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from registry_tool.commands.deploy import (
    HowToDeploy,
    Target,
    Tell,
    deploy_asked,
    desk_of,
    with_approval,
)
from registry_tool.commands.deploy_notes import noted
from registry_tool.commands.deploy_plan import asked_in
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.deploy.deployer import proceed
from registry_tool.deploy.lease import Watcher
from registry_tool.deploy.model import Deployment, Phase, Rollout
from registry_tool.deploy.words import status_word
from registry_tool.deploy.work import MovedError


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
    tell: Tell = lambda _: None,
    how: HowToDeploy | None = None,
) -> list[Reconciled]:
    """What was done, one entry for each rollout that had not ended; a failure of one does not stop the others."""
    how = how or HowToDeploy()
    with noted(target, environment, name, "reconcile", how.actor, how.say):
        return _reconcile(target, environment, name, tell, how)


def _reconcile(
    target: Target, environment: str, name: str, tell: Tell, how: HowToDeploy
) -> list[Reconciled]:
    open_ones = [
        state
        for state in target.store().all(environment)
        if state.rollout is not None and (not name or state.workflow == name)
    ]
    watchers = {id(state): Watcher(how.patience) for state in open_ones}
    return [_one(target, state, watchers[id(state)], tell, how) for state in open_ones]


def _one(
    target: Target, state: Deployment, watcher: Watcher, tell: Tell, how: HowToDeploy
) -> Reconciled:
    rollout = _free(target, state, watcher, how)
    if rollout is None:
        return Reconciled(state, at_work=True)
    try:
        return Reconciled(state, _go_on(target, state, rollout, tell, how))
    except MovedError:
        return Reconciled(state, at_work=True)
    except RegistryError as error:
        return Reconciled(state, error=error)


def _free(target: Target, state: Deployment, watcher: Watcher, how: HowToDeploy) -> Rollout | None:
    """The rollout once nobody holds it; None where its holder shows that it lives."""
    rollout = state.rollout
    while rollout is not None and not watcher.free(rollout):
        if told := watcher.words(rollout):
            how.say(f"{state.workflow} in {state.environment}: {told}")
        how.patience.pause()
        now = target.store().find(state.environment, state.workflow)
        if now is None or now.rollout != rollout:
            return None
    return rollout


def _go_on(
    target: Target, state: Deployment, rollout: Rollout, tell: Tell, how: HowToDeploy
) -> Deployment:
    own = replace(how, id=rollout.deployment, actor=rollout.actor)
    if rollout.phase is Phase.STAGES:
        return deploy_asked(target, asked_in(rollout.request), state.environment, tell, own)
    return with_approval(target, proceed(desk_of(target, tell, own), state), own)


def wait_for(
    target: Target, state: Deployment, tell: Tell, how: HowToDeploy, longest: float
) -> Deployment:
    """Go on with a rollout whenever it is due, until it ends or `longest` seconds are over."""
    with noted(target, state.environment, state.workflow, "reconcile", how.actor, how.say):
        return _wait_for(target, state, tell, how, longest)


def _wait_for(
    target: Target, state: Deployment, tell: Tell, how: HowToDeploy, longest: float
) -> Deployment:
    patience = how.patience
    until = patience.monotonic() + longest
    own = replace(how, say=_once(how.say))
    while state.rollout is not None and patience.monotonic() < until:
        patience.pause()
        now = target.store().find(state.environment, state.workflow)
        if now is None or now.rollout is None or now.rollout.deployment != state.rollout.deployment:
            return now or state
        state = now
        if now.rollout.phase.waits:
            state = _advanced(target, now, now.rollout, tell, own)
    return state


def _advanced(
    target: Target, now: Deployment, rollout: Rollout, tell: Tell, how: HowToDeploy
) -> Deployment:
    try:
        return proceed(desk_of(target, tell, how), now)
    except MovedError:
        return now


def _once(say: Callable[[str], None]) -> Callable[[str], None]:
    """Says each sentence once."""
    said: set[str] = set()

    def once(sentence: str) -> None:
        if sentence not in said:
            said.add(sentence)
            say(sentence)

    return once
