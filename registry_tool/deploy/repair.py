"""A pointer out of its events: they hold the truth, the pointer is only their shortest form.

First choice is the newest pointer of the branch's history that stood beside exactly these events and agrees with
them: it knows a rollout in progress, too. Where there is none, the events alone say what serves; a rollout in
progress is over then, and what served before it serves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from registry_tool.core.errors import RegistryError
from registry_tool.deploy.consistency import pointer_problem
from registry_tool.deploy.event_log import (
    EVENTS,
    DeployEvent,
    Share,
    broken_link,
    read_event,
    shares,
)
from registry_tool.deploy.history import History, read_history
from registry_tool.deploy.model import BUCKETS, Deployment, Serving
from registry_tool.deploy.state import read_deployment

EventFiles = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class RebuiltPointer:
    """A pointer as it should be; None: nothing was ever served. `source` says what it was made of.

    `ends` is the id of a deployment that was in progress and of which nothing is left but its events: what served
    before it serves, and an event must say so.
    """

    deployment: Deployment | None
    source: str
    ends: str = ""


def read_events(files: EventFiles) -> list[DeployEvent]:
    """The events, oldest first; `RegistryError` names the first one that can't be relied on."""
    if broken := broken_link(dict(files)):
        raise unreliable(broken.location, broken.reason)
    return [read_event(data, path) for path, data in files]


def unreliable(location: str, reason: str) -> RegistryError:
    """Why nothing can be rebuilt, and what to do."""
    return RegistryError(
        f"the events themselves are broken ({reason}): nothing can be rebuilt from them",
        location=location,
        hint="bring them back first, from the branch's history or another clone: docs/restore.md",
    )


def rebuilt(
    environment: str,
    workflow: str,
    events: Sequence[DeployEvent],
    earlier: Iterable[tuple[str, bytes]],
) -> RebuiltPointer:
    """The pointer for these events. `earlier` are those that stood beside them, newest first, as (commit, bytes).

    `RegistryError` where the events say too little.
    """
    for commit, data in earlier:
        found = _agreeing(environment, workflow, data, events)
        if found is not None:
            return RebuiltPointer(
                found, f"the pointer of commit {commit[:12]}, which agrees with its events"
            )
    return _from_events(environment, workflow, events)


def _agreeing(
    environment: str, workflow: str, data: bytes, events: Sequence[DeployEvent]
) -> Deployment | None:
    try:
        found = read_deployment(data, "")
    except RegistryError:
        return None
    own = (found.environment, found.workflow) == (environment, workflow)
    return found if own and not pointer_problem(found, events) else None


def _from_events(environment: str, workflow: str, events: Sequence[DeployEvent]) -> RebuiltPointer:
    source, recorded = f"its {len(events)} events", _last_shares(events)
    history, main = read_history(events), _main(events)
    if main is None:
        if recorded:
            raise _too_little(environment, workflow)
        return RebuiltPointer(None, source)
    last = _last_end(events)
    made = Deployment(
        workflow,
        environment,
        _with_ready(main, recorded, history),
        last.deployment if last else "",
        events[-1].time,
        len(events),
        history.previous,
        actor=_actor(events, last.deployment) if last else "",
    )
    open_one = "" if shares(made.serving) == recorded else events[-1].deployment
    return RebuiltPointer(made, source, open_one)


def _too_little(environment: str, workflow: str) -> RegistryError:
    return RegistryError(
        f"the events of {workflow} in {environment} don't hold what serves",
        location=f"{EVENTS}/{environment}/{workflow}",
        hint="bring the branch back from its history or another clone: docs/restore.md",
    )


def _last_shares(events: Sequence[DeployEvent]) -> list[Share]:
    """What the last event that changed it says that serves."""
    recorded = [detail.serving or [] for event in events if (detail := event.changed)]
    return recorded[-1] if recorded else []


def _main(events: Sequence[DeployEvent]) -> Serving | None:
    """What served alone last; None where nothing ever did."""
    details = (event.changed for event in reversed(events))
    entry = next((detail.entry for detail in details if detail and detail.entry), None)
    return entry.serving.at(BUCKETS) if entry else None


def _last_end(events: Sequence[DeployEvent]) -> DeployEvent | None:
    """The event of the last deployment or return that ended well; one that was undone doesn't count."""
    for event in reversed(events):
        detail = event.changed
        if detail is None or detail.entry is None:
            continue
        if event.stage == "watch" or (detail.asked and not detail.aborted):
            return event
    return None


def _actor(events: Sequence[DeployEvent], deployment: str) -> str:
    """Who asked for a deployment, as the first of its events that says so."""
    named = (e.details.actor for e in events if e.deployment == deployment and e.details.actor)
    return next(named, "")


def _with_ready(main: Serving, recorded: list[Share], history: History) -> tuple[Serving, ...]:
    """What serves, with the version that blue-green keeps ready beside it."""
    kept = history.previous
    ready = (main, replace(kept, weight=0)) if kept else (main,)
    return ready if kept and shares(ready) == recorded else (main,)
