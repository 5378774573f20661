"""A pointer out of its events: they hold the truth, the pointer is only their shortest form.

First choice is the newest pointer of the branch's history that stood beside exactly these events and agrees with
them: it knows a rollout in progress, too. Where there is none, the events alone say what serves; a rollout in
progress is over then, and what served before it serves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object
from registry_tool.deploy.consistency import pointer_problem
from registry_tool.deploy.event_log import EVENTS, broken_link
from registry_tool.deploy.history import History, read_history, served_value
from registry_tool.deploy.model import BUCKETS, OK, Deployment, Serving
from registry_tool.deploy.state import read_deployment, read_serving

EventFiles = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A pointer as it should be; None: nothing was ever served. `source` says what it was made of.

    `ends` is the id of a deployment that was in progress and of which nothing is left but its events: what served
    before it serves, and an event must say so.
    """

    deployment: Deployment | None
    source: str
    ends: str = ""


def read_events(files: EventFiles) -> list[Object]:
    """The events, oldest first; `RegistryError` names the first one that can't be relied on."""
    try:
        place = broken_link(dict(files))
    except RegistryError as error:
        raise unreliable(error.place, error.reason) from None
    if place:
        raise unreliable(place, "an event before it was changed or taken out")
    return [cast(Object, parse_json(data, place=path)) for path, data in files]


def unreliable(place: str, reason: str) -> RegistryError:
    """Why nothing can be rebuilt, and what to do."""
    return RegistryError(
        f"the events themselves are broken ({reason}): nothing can be rebuilt from them",
        place=place,
        way_out="bring them back first, from the branch's history or another clone: docs/restore.md",
    )


def rebuilt(
    environment: str, workflow: str, events: Sequence[Object], earlier: Iterable[tuple[str, bytes]]
) -> Rebuilt:
    """The pointer for these events. `earlier` are those that stood beside them, newest first, as (commit, bytes).

    `RegistryError` where the events say too little.
    """
    for commit, data in earlier:
        found = _agreeing(environment, workflow, data, events)
        if found is not None:
            return Rebuilt(
                found, f"the pointer of commit {commit[:12]}, which agrees with its events"
            )
    return _from_events(environment, workflow, events)


def _agreeing(
    environment: str, workflow: str, data: bytes, events: Sequence[Object]
) -> Deployment | None:
    try:
        found = read_deployment(data, "")
    except RegistryError:
        return None
    own = (found.environment, found.workflow) == (environment, workflow)
    return found if own and not pointer_problem(found, events) else None


def _from_events(environment: str, workflow: str, events: Sequence[Object]) -> Rebuilt:
    source, told = f"its {len(events)} events", _last_told(events)
    try:
        history, main = read_history(events), _main(events)
    except (KeyError, TypeError, ValueError, RegistryError):
        raise _too_little(environment, workflow) from None
    if main is None:
        if told:
            raise _too_little(environment, workflow)
        return Rebuilt(None, source)
    last = _last_end(events)
    made = Deployment(
        workflow,
        environment,
        _with_ready(main, told, history),
        str(last.get("deployment", "")),
        str(events[-1]["time"]),
        len(events),
        history.previous,
        actor=_actor(events, last.get("deployment")),
    )
    open_one = "" if served_value(made.serving) == told else str(events[-1]["deployment"])
    return Rebuilt(made, source, open_one)


def _too_little(environment: str, workflow: str) -> RegistryError:
    return RegistryError(
        f"the events of {workflow} in {environment} don't hold what serves",
        place=f"{EVENTS}/{environment}/{workflow}",
        way_out="bring the branch back from its history or another clone: docs/restore.md",
    )


def _changes(event: Object) -> Object:
    """The details of an event that changed what serves, nothing for others."""
    detail = event.get("detail")
    counts = event.get("status") == OK or event.get("stage") == "rollback"
    return detail if isinstance(detail, dict) and counts and "serving" in detail else {}


def _last_told(events: Sequence[Object]) -> object:
    """What the last event that changed it says that serves."""
    told = [detail["serving"] for event in events if (detail := _changes(event))]
    return told[-1] if told else []


def _main(events: Sequence[Object]) -> Serving | None:
    """What served alone last; None where nothing ever did."""
    entries = [detail["entry"] for event in events if "entry" in (detail := _changes(event))]
    return read_serving(entries[-1]).at(BUCKETS) if entries else None


def _last_end(events: Sequence[Object]) -> Object:
    """The event of the last deployment or return that ended well; one that was undone is none."""
    for event in reversed(events):
        detail = _changes(event)
        returned = detail.get("asked") and "aborted" not in detail
        if "entry" in detail and (event.get("stage") == "watch" or returned):
            return event
    return {}


def _actor(events: Sequence[Object], deployment: object) -> str:
    """Who asked for a deployment, as the first of its events that says so."""
    details = (e.get("detail") for e in events if e.get("deployment") == deployment)
    named = (str(d["actor"]) for d in details if isinstance(d, dict) and "actor" in d)
    return next(named, "")


def _with_ready(main: Serving, told: object, history: History) -> tuple[Serving, ...]:
    """What serves, with the version that blue-green keeps ready beside it."""
    kept = history.previous
    ready = (main, replace(kept, weight=0)) if kept else (main,)
    return ready if kept and served_value(ready) == told else (main,)
