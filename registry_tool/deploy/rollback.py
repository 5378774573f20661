"""The way back: one compare-and-swap, no health check, and whatever is in progress is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from registry_tool.core.clock import instant
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.values import Object
from registry_tool.deploy.event_log import served_value
from registry_tool.deploy.model import OK, Deployment, Serving, StageEvent
from registry_tool.deploy.session import DeployContext
from registry_tool.deploy.stages import StageRunner
from registry_tool.deploy.state import serving_value
from registry_tool.deploy.store import StateUpdate, View
from registry_tool.deploy.transitions import ended, returned


@dataclass(frozen=True, slots=True)
class RollbackRequest:
    """A request to go back: to the version before, or to `to`. `only_abort` ends a rollout and nothing else.

    `reason` is why, in a person's words.
    """

    environment: str
    name: str
    deployment: str
    to: str = ""
    only_abort: bool = False
    repeated: bool = False
    reason: str = ""


def go_back(context: DeployContext, request: RollbackRequest) -> Deployment:
    """Serve what served before; `NotFoundError` where nothing did."""
    stages = StageRunner(request.deployment, context.clock)
    written: list[StageEvent] = []

    def decide(view: View) -> StateUpdate | None:
        written.clear()
        change = _decide(context, request, view, stages)
        written.extend(change.events if change else ())
        return change

    message = f"Roll back {request.name} in {request.environment} ({request.deployment})"
    done = context.open_store().change(request.environment, request.name, message, decide)
    for event in written:
        context.on_event(event)
    if written and done is not None and not done.serves:
        context.say(
            f"no version of {request.name} served in {request.environment} before: nothing of it serves now"
        )
    if not written:
        context.say(f"{request.deployment} has ended before: nothing changes")
    if done is None:
        raise _nothing(request)
    return done


def _decide(
    context: DeployContext, request: RollbackRequest, view: View, stages: StageRunner
) -> StateUpdate | None:
    now = view.deployment
    if now is None:
        raise _nothing(request)
    history = view.history()
    if request.repeated and request.deployment in history.finished:
        return None
    if now.rollout is not None and not request.to:
        after = ended(now, now.rollout)
    elif request.only_abort:
        raise NotFoundError(
            f"no rollout of {request.name} is in progress",
            location=request.environment,
            hint="`puppy-cli rollback` goes back to the version before",
        )
    else:
        target = _target(request, now, history.known)
        again = replace(target, since=instant(context.clock.now()))
        after = returned(now, again, history.before(target), request.deployment, context.actor)
    if after.serves and after.serving != now.serving:
        context.demand_there(request.name, after.main)
    return StateUpdate((_event(context, now, after, stages, request.reason),), after)


def _event(
    context: DeployContext, now: Deployment, after: Deployment, stages: StageRunner, reason: str
) -> StageEvent:
    detail: Object = {
        "from": now.serving[0].version if now.serving else "",
        "to": after.main.version if after.serves else "",
        "asked": True,
        "serving": served_value(after.serving),
    }
    if after.serves:
        detail["entry"] = serving_value(after.main)
    if now.rollout is not None:
        detail["aborted"] = now.rollout.deployment
    detail |= {"actor": context.actor} if context.actor else {}
    detail |= {"reason": reason} if reason else {}
    return stages.event("rollback", OK, detail)


def _target(request: RollbackRequest, now: Deployment, known: tuple[Serving, ...]) -> Serving:
    if not request.to:
        if now.previous is None:
            raise _no_way_back(request, now, known)
        return now.previous
    for entry in reversed(known):
        if entry.version == request.to:
            if now.serves and now.rollout is None and entry.same_as(now.main):
                raise RegistryError(
                    f"{request.name}:{request.to} serves in {request.environment} already",
                    hint="name another with --to",
                )
            return entry
    raise NotFoundError(
        f"no rollout of {request.name}:{request.to} to {request.environment} ever ended well",
        hint=f"it had {_versions(known)}" if known else "deploy it",
    )


def _no_way_back(
    request: RollbackRequest, now: Deployment, known: tuple[Serving, ...]
) -> NotFoundError:
    """What served before, derived from what served and what was rolled back since."""
    where, present = f"{request.name} in {request.environment}", now.main if now.serves else None
    others = [entry for entry in known if not entry.same_as(present)]
    if others:
        served = f"{present.version} is the first that served" if present else "nothing serves"
        return NotFoundError(
            f"there is no version of {where} to go back to by itself: {served}",
            hint=f"name one of those that served later with --to: {_versions(others)}",
        )
    before = f"before {present.version}" if present else "so far: no rollout ended well"
    return NotFoundError(
        f"no version of {request.name} served in {request.environment} {before}",
        hint="deploy another; `puppy-cli status` shows what was tried",
    )


def _versions(entries: Iterable[Serving]) -> str:
    """Each version once, in the order in which it came."""
    return ", ".join(dict.fromkeys(entry.version for entry in entries))


def _nothing(request: RollbackRequest) -> NotFoundError:
    return NotFoundError(
        f"{request.name} is not deployed to {request.environment}",
        hint=f"run `puppy-cli deploy {request.name} --env {request.environment}`",
    )
