"""Events of deployments as files that only ever grow: `events/<env>/<name>/<number>.json`, a hash chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

import msgspec

from registry_tool.core.codec import FileFormat, Number, Stored
from registry_tool.core.hash_chain import (
    Chain,
    ChainProblem,
    CheckedLink,
    first_broken,
    hash_of,
    link_path,
)
from registry_tool.core.values import Object, Value
from registry_tool.deploy.model import OK, Serving, StageEvent
from registry_tool.deploy.state import StoredServing
from registry_tool.store import paths

EVENTS = "events"
BRING_BACK = "bring the event back from the branch's history, as docs/restore.md says"


class Share(Stored, frozen=True):
    """What an event tells of a version that serves."""

    version: str
    digest: str
    weight: int
    deployment: str


class EventDetail(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of an event's details again; each stage has some of them, and others beside."""

    serving: list[Share] | None = None
    entry: StoredServing | None = None
    version: str = ""
    left: str = msgspec.field(name="from", default="")
    actor: str = ""
    reason: str = ""
    override: str = ""
    aborted: str = ""
    asked: bool = False
    finished: bool = False
    config_digest: str = ""
    lock_digest: str = ""
    runs: int = 0
    metrics: list[Object] = msgspec.field(default_factory=list)


class DeployEvent(Stored, frozen=True, kw_only=True, dict=True):
    """An event's file. `time` is RFC 3339; `detail` holds what its stage tells."""

    number: int
    previous: str
    deployment: str
    workflow: str
    environment: str
    stage: str
    status: str
    time: str
    seconds: Number
    detail: Object

    @cached_property
    def details(self) -> EventDetail:
        """The details, typed."""
        return DETAIL.of(self.detail, self.stage)

    @property
    def changed(self) -> EventDetail | None:
        """The details of an event that changed what serves, None for others."""
        counts = self.status == OK or self.stage == "rollback"
        return self.details if counts and self.details.serving is not None else None

    @property
    def finished(self) -> bool:
        """Whether a deployment ended well by it."""
        return self.stage == "watch" and self.details.finished


DETAIL = FileFormat[EventDetail](EventDetail, "detail of an event", hint=BRING_BACK)
FILE = FileFormat[DeployEvent](DeployEvent, "event of a deployment", hint=BRING_BACK)


def events_folder(environment: str, name: str) -> str:
    """Where the events stand."""
    return f"{EVENTS}/{environment}/{name}"


def read_event(data: bytes, path: str) -> DeployEvent:
    """The event in a file of the branch `deployments`; `RegistryError` where it is malformed."""
    location = f"{paths.DEPLOYMENTS_BRANCH}:{path}"
    event = FILE.read(data, location)
    DETAIL.of(event.detail, location)
    return event


def new_events(
    environment: str, name: str, events: Iterable[StageEvent], last: bytes, number: int
) -> dict[str, bytes]:
    """Event files after the `number` ones that exist, `last` being the bytes of the newest (or empty)."""
    files: dict[str, bytes] = {}
    for event in events:
        number += 1
        last = FILE.to_bytes(
            DeployEvent(
                number=number,
                previous=hash_of(last),
                deployment=event.deployment,
                workflow=name,
                environment=environment,
                stage=event.stage,
                status=event.status,
                time=event.time,
                seconds=round(event.seconds, 3),
                detail=dict(event.detail),
            )
        )
        files[link_path(events_folder(environment, name), number)] = last
    return files


_EVENTS = Chain("event", read_event)


def checked_events(
    files: Iterable[tuple[str, bytes]], environment: str, name: str
) -> Iterator[CheckedLink[DeployEvent]]:
    """Every event of a workflow in an environment, oldest first, and what is wrong with it."""
    for one in _EVENTS.check(files, events_folder(environment, name), environment):
        strange = one.link is not None and one.link.workflow != name and not one.problem
        yield replace(one, problem="the event is another workflow's") if strange else one


def broken_link(files: Mapping[str, bytes]) -> ChainProblem | None:
    """The first event of a workflow, by path, that is wrong or doesn't follow on the one before it."""
    for path in files:
        _, environment, name, _ = path.split("/")
        return first_broken(checked_events(sorted(files.items()), environment, name))
    return None


def shares(serving: Iterable[Serving]) -> list[Share]:
    """What serves, as an event tells it."""
    return [Share(one.version, one.digest, one.weight, one.deployment) for one in serving]


def served_value(serving: Iterable[Serving]) -> list[Value]:
    """What serves, as JSON."""
    value: list[Value] = msgspec.to_builtins(shares(serving))
    return value
