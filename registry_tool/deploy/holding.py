"""Pausing a rollout and letting it go on: it keeps its share meanwhile; a broken threshold still takes it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.values import Object
from registry_tool.deploy.model import OK, Deployment, Phase, Rollout
from registry_tool.deploy.session import DeployContext
from registry_tool.deploy.stages import StageRunner
from registry_tool.deploy.store import StateUpdate, View


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """Which rollout to pause or to let go on, and why."""

    environment: str
    name: str
    reason: str = ""


def pause(context: DeployContext, wanted: HoldRequest) -> Deployment:
    """The rollout takes no further step; `NotFoundError` where none is in progress.

    A deployer that is at work finishes what it is doing and stops before the next switch.
    """

    def decide(view: View) -> StateUpdate:
        now, rollout = _in_progress(view, wanted)
        if rollout.hold:
            raise _refused(
                wanted, f"it is paused already ({rollout.hold})", "`puppy-cli resume` lets it go on"
            )
        words = f"paused{_by(context)}{f': {wanted.reason}' if wanted.reason else ''}"
        held = replace(rollout, hold=words)
        if rollout.phase.waits and rollout.step:
            held = replace(held, phase=Phase.PAUSED, reason=words)
        return _change(context, wanted, now, held, "pause")

    return _write(context, wanted, "Pause", decide)


def resume(context: DeployContext, wanted: HoldRequest) -> Deployment:
    """The rollout may go on; that it does is the next `proceed`'s. `RegistryError` where nobody paused it."""

    def decide(view: View) -> StateUpdate:
        now, rollout = _in_progress(view, wanted)
        if not rollout.hold:
            raise _refused(
                wanted, f"nobody paused it (it is {rollout.phase.value})",
                "`puppy-cli promote` goes on with a rollout that waits for a human",
            )  # fmt: skip
        return _change(context, wanted, now, replace(rollout, hold="", reason=""), "resume")

    return _write(context, wanted, "Resume", decide)


def _in_progress(view: View, wanted: HoldRequest) -> tuple[Deployment, Rollout]:
    now = view.deployment
    if now is None or now.rollout is None:
        raise NotFoundError(
            f"no rollout of {wanted.name} is in progress",
            location=wanted.environment,
            hint="see `puppy-cli status`",
        )
    return now, now.rollout


def _refused(wanted: HoldRequest, reason: str, hint: str) -> RegistryError:
    return RegistryError(reason, location=f"{wanted.environment}/{wanted.name}", hint=hint)


def _by(context: DeployContext) -> str:
    return f" by {context.actor}" if context.actor else ""


def _change(
    context: DeployContext, wanted: HoldRequest, now: Deployment, rollout: Rollout, stage: str
) -> StateUpdate:
    detail: Object = {"asked": True, "step": rollout.step, "steps": rollout.steps}
    detail |= {"reason": wanted.reason} if wanted.reason else {}
    detail |= {"actor": context.actor} if context.actor else {}
    event = StageRunner(rollout.deployment, context.clock).event(stage, OK, detail)
    return StateUpdate((event,), replace(now, rollout=rollout))


def _write(
    context: DeployContext, wanted: HoldRequest, verb: str, decide: Callable[[View], StateUpdate]
) -> Deployment:
    changes: list[StateUpdate] = []

    def noted(view: View) -> StateUpdate:
        changes[:] = [decide(view)]
        return changes[0]

    message = f"{verb} the rollout of {wanted.name} in {wanted.environment}"
    done = context.open_store().change(wanted.environment, wanted.name, message, noted)
    for event in changes[-1].events:
        context.on_event(event)
    assert done is not None  # noqa: S101 - every change above names a state
    return done
