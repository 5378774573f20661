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
from registry_tool.deploy.store import Change, View
from registry_tool.deploy.transitions import ended, returned


@dataclass(frozen=True, slots=True)
class Return:
    """A wish to go back: to the version before, or to `to`. `only_abort` ends a rollout and nothing else.

    `reason` is why, in a person's words.
    """

    environment: str
    name: str
    deployment: str
    to: str = ""
    only_abort: bool = False
    repeated: bool = False
    reason: str = ""


def go_back(desk: DeployContext, wish: Return) -> Deployment:
    """Serve what served before; `NotFoundError` where nothing did."""
    stages = StageRunner(wish.deployment, desk.clock)
    told: list[StageEvent] = []

    def decide(view: View) -> Change | None:
        told.clear()
        change = _decide(desk, wish, view, stages)
        told.extend(change.events if change else ())
        return change

    message = f"Roll back {wish.name} in {wish.environment} ({wish.deployment})"
    done = desk.open_store().change(wish.environment, wish.name, message, decide)
    for event in told:
        desk.tell(event)
    if told and done is not None and not done.serves:
        desk.say(
            f"no version of {wish.name} served in {wish.environment} before: nothing of it serves now"
        )
    if not told:
        desk.say(f"{wish.deployment} has ended before: nothing changes")
    if done is None:
        raise _nothing(wish)
    return done


def _decide(desk: DeployContext, wish: Return, view: View, stages: StageRunner) -> Change | None:
    now = view.deployment
    if now is None:
        raise _nothing(wish)
    history = view.history()
    if wish.repeated and wish.deployment in history.finished:
        return None
    if now.rollout is not None and not wish.to:
        after = ended(now, now.rollout)
    elif wish.only_abort:
        raise NotFoundError(
            f"no rollout of {wish.name} is in progress",
            place=wish.environment,
            way_out="`puppy-cli rollback` goes back to the version before",
        )
    else:
        target = _target(wish, now, history.known)
        again = replace(target, since=instant(desk.clock.now()))
        after = returned(now, again, history.before(target), wish.deployment, desk.actor)
    if after.serves and after.serving != now.serving:
        desk.demand_there(wish.name, after.main)
    return Change((_event(desk, now, after, stages, wish.reason),), after)


def _event(
    desk: DeployContext, now: Deployment, after: Deployment, stages: StageRunner, reason: str
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
    detail |= {"actor": desk.actor} if desk.actor else {}
    detail |= {"reason": reason} if reason else {}
    return stages.event("rollback", OK, detail)


def _target(wish: Return, now: Deployment, known: tuple[Serving, ...]) -> Serving:
    if not wish.to:
        if now.previous is None:
            raise _no_way_back(wish, now, known)
        return now.previous
    for entry in reversed(known):
        if entry.version == wish.to:
            if now.serves and now.rollout is None and entry.same_as(now.main):
                raise RegistryError(
                    f"{wish.name}:{wish.to} serves in {wish.environment} already",
                    way_out="name another with --to",
                )
            return entry
    raise NotFoundError(
        f"no rollout of {wish.name}:{wish.to} to {wish.environment} ever ended well",
        way_out=f"it had {_versions(known)}" if known else "deploy it",
    )


def _no_way_back(wish: Return, now: Deployment, known: tuple[Serving, ...]) -> NotFoundError:
    """What served before is told from what served and was rolled back from since."""
    where, present = f"{wish.name} in {wish.environment}", now.main if now.serves else None
    others = [entry for entry in known if not entry.same_as(present)]
    if others:
        served = f"{present.version} is the first that served" if present else "nothing serves"
        return NotFoundError(
            f"there is no version of {where} to go back to by itself: {served}",
            way_out=f"name one of those that served later with --to: {_versions(others)}",
        )
    before = f"before {present.version}" if present else "so far: no rollout ended well"
    return NotFoundError(
        f"no version of {wish.name} served in {wish.environment} {before}",
        way_out="deploy another; `puppy-cli status` shows what was tried",
    )


def _versions(entries: Iterable[Serving]) -> str:
    """Each version once, in the order in which it came."""
    return ", ".join(dict.fromkeys(entry.version for entry in entries))


def _nothing(wish: Return) -> NotFoundError:
    return NotFoundError(
        f"{wish.name} is not deployed to {wish.environment}",
        way_out=f"run `puppy-cli deploy {wish.name} --env {wish.environment}`",
    )
