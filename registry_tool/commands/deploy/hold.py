"""`pause` and `resume`: a rollout takes no further step until somebody lets it go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from registry_tool.commands.consume.unknown_names import known_workflow
from registry_tool.commands.deploy.access import authorised_change
from registry_tool.commands.deploy.audit import audit_ring
from registry_tool.commands.deploy.deploy import DeployOptions, OnEvent, context_of, with_approval
from registry_tool.commands.deploy.reason import checked_reason
from registry_tool.commands.requests.request import Action
from registry_tool.core.errors import UsageError
from registry_tool.core.values import Object
from registry_tool.deploy import holding
from registry_tool.deploy.deployer import proceed
from registry_tool.deploy.holding import HoldRequest
from registry_tool.deploy.model import Deployment
from registry_tool.deploy.session import DeployContext, MovedError
from registry_tool.manifest.names import bad_name
from registry_tool.state.audit_log import note
from registry_tool.state.target import Target, settings_of

_WRITE: Final[dict[Action, Callable[[DeployContext, HoldRequest], Deployment]]] = {
    Action.PAUSE: holding.pause,
    Action.RESUME: holding.resume,
}


def hold(  # noqa: PLR0913 - all named
    action: Action,
    target: Target,
    name: str,
    environment: str,
    *,
    on_event: OnEvent = lambda _: None,
    how: DeployOptions | None = None,
) -> Deployment:
    """Pause a rollout, or resume it: then the state once it has gone as far as it may by itself.

    `NotFoundError` where no rollout is in progress. `how.reason` is put on record.
    """
    how = _checked(target, name, environment, how)
    with (
        known_workflow(target, name),
        authorised_change(target, environment, name, action.value, how.actor, how.say) as actor,
    ):
        own = replace(how, actor=actor)
        context = context_of(target, on_event, own)
        state = _WRITE[action](context, HoldRequest(environment, name, own.reason))
        _note(target, state, action.value, own)
        return state if action is Action.PAUSE else _go_on(target, context, state, own)


pause = partial(hold, Action.PAUSE)
resume = partial(hold, Action.RESUME)


def _go_on(
    target: Target, context: DeployContext, state: Deployment, how: DeployOptions
) -> Deployment:
    if state.rollout is None or not state.rollout.phase.waits:
        return state  # a deployer is at work on it
    try:
        return with_approval(target, proceed(context, state), how)
    except MovedError:  # somebody else went on with it
        return target.store().find(state.environment, state.workflow) or state


def _checked(
    target: Target, name: str, environment: str, how: DeployOptions | None
) -> DeployOptions:
    how = how or DeployOptions()
    if reason := bad_name(name):
        raise UsageError(f"{name[:64]!r} is not a workflow's name: {reason}")
    settings_of(target, environment)
    return replace(how, reason=checked_reason(how.reason))


def _note(target: Target, state: Deployment, action: str, how: DeployOptions) -> None:
    """An entry of its own: nothing else serves, so no switch is noted. Who holds no key can't sign one."""
    if audit_ring(target, state.environment, target.environ) is None:
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
