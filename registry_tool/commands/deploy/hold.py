"""`pause` and `resume`: a rollout takes no further step until somebody lets it go on."""

from __future__ import annotations

from dataclasses import replace

from registry_tool.commands.consume.unknown_names import known_workflow
from registry_tool.commands.deploy.access import acting
from registry_tool.commands.deploy.audit import noting_ring
from registry_tool.commands.deploy.deploy import DeployOptions, Tell, desk_of, with_approval
from registry_tool.commands.deploy.reason import checked_reason
from registry_tool.core.errors import UsageError
from registry_tool.core.values import Object
from registry_tool.deploy.deployer import proceed
from registry_tool.deploy.holding import Hold
from registry_tool.deploy.holding import pause as hold
from registry_tool.deploy.holding import resume as let_go
from registry_tool.deploy.model import Deployment
from registry_tool.deploy.session import MovedError
from registry_tool.manifest.names import bad_name
from registry_tool.state.audit_log import note
from registry_tool.state.target import Target, settings_of

PAUSE, RESUME = "pause", "resume"


def pause(
    target: Target,
    name: str,
    environment: str,
    *,
    tell: Tell = lambda _: None,
    how: DeployOptions | None = None,
) -> Deployment:
    """The state afterwards; `NotFoundError` where no rollout is in progress. `how.reason` is put on record."""
    how = _checked(target, name, environment, how)
    with (
        known_workflow(target, name),
        acting(target, environment, name, PAUSE, how.actor, how.say) as actor,
    ):
        own = replace(how, actor=actor)
        done = hold(desk_of(target, tell, own), Hold(environment, name, own.reason))
        _note(target, done, PAUSE, own)
        return done


def resume(
    target: Target,
    name: str,
    environment: str,
    *,
    tell: Tell = lambda _: None,
    how: DeployOptions | None = None,
) -> Deployment:
    """The state once the rollout has gone as far as it may by itself."""
    how = _checked(target, name, environment, how)
    with (
        known_workflow(target, name),
        acting(target, environment, name, RESUME, how.actor, how.say) as actor,
    ):
        own = replace(how, actor=actor)
        context = desk_of(target, tell, own)
        state = let_go(context, Hold(environment, name, own.reason))
        _note(target, state, RESUME, own)
        if state.rollout is None or not state.rollout.phase.waits:
            return state  # a deployer is at work on it
        try:
            return with_approval(target, proceed(context, state), own)
        except MovedError:  # somebody else went on with it
            return target.store().find(environment, name) or state


def _checked(
    target: Target, name: str, environment: str, how: DeployOptions | None
) -> DeployOptions:
    how = how or DeployOptions()
    if reason := bad_name(name):
        raise UsageError(f"{name[:64]!r} is no workflow's name: {reason}")
    settings_of(target, environment)
    return replace(how, reason=checked_reason(how.reason))


def _note(target: Target, state: Deployment, action: str, how: DeployOptions) -> None:
    """An entry of its own: nothing else serves, so no switch is noted. Who holds no key can't sign one."""
    if noting_ring(target, state.environment, target.environ) is None:
        how.say(
            f"the audit log gets no entry from here: the key of {state.environment} is not on this machine"
        )
        return
    detail: Object = {
        "workflow": state.workflow,
        "deployment": state.rollout.deployment if state.rollout else state.id,
        **({"reason": how.reason} if how.reason else {}),
    }
    note(target, state.environment, how.actor, action, detail, target.environ)
