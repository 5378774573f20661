"""The scheduled job's heartbeat, and when its next work is due, on the branch `schedules`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from cronsim import CronSim

from registry_tool.catalogue.schedules import Schedule
from registry_tool.commands.run.scheduled import BRANCH, last_dealt
from registry_tool.core.clock import instant
from registry_tool.core.codec import FileFormat, Stored, moment
from registry_tool.core.errors import RegistryError
from registry_tool.state.branches import state_branch, writer
from registry_tool.state.target import Target
from registry_tool.store.git.commit_tree import GitTree

_FOLDER = ".heartbeats"  # no environment begins with a dot
_OFTEN = timedelta(hours=1)
"""A younger sign of life is as good as a new one, and costs no commit."""


class SchedulerHeartbeat(Stored, frozen=True):
    """`.heartbeats/<environment>.json`: when (RFC 3339) the clock's job last looked after an environment."""

    environment: str
    time: str

    def __post_init__(self) -> None:
        moment(self.time, "time")


SIGN = FileFormat[SchedulerHeartbeat](
    SchedulerHeartbeat, "sign of life", "puppyai.com/heartbeat/v1"
)


def beat(target: Target, environment: str) -> None:
    """Note that the clock's job looked after an environment; at most once an hour."""
    path, now = f"{_FOLDER}/{environment}.json", target.clock.now()
    data = SIGN.to_bytes(SchedulerHeartbeat(environment, instant(now)))

    def write(tree: GitTree) -> Mapping[str, bytes | None]:
        known = _read(tree, path)
        if known is not None and abs(now - known) < _OFTEN:
            return {}
        return {path: data}

    message = f"Note that the clock's job looked after {environment}"
    state_branch(target, BRANCH).write(write, message, writer(target))


def beats(target: Target) -> dict[str, float]:
    """When the clock's job last looked after each environment, in Unix time."""
    tree = state_branch(target, BRANCH).files()
    found: dict[str, float] = {}
    for file in tree.files(_FOLDER):
        if last := _read(tree, file.path):
            found[file.path.removeprefix(f"{_FOLDER}/").removesuffix(".json")] = last.timestamp()
    return found


def schedules_due(target: Target) -> dict[tuple[str, str, str], float]:
    """When the next time of each enabled schedule comes or came: Unix time by (schedule, workflow, environment).

    One that nobody has looked at yet has none, nor has one whose state can't be read, which is reported.
    """
    tree = state_branch(target, BRANCH).files()
    found: dict[tuple[str, str, str], float] = {}
    for schedule in target.settings().schedules:
        last = _last(target, tree, schedule) if schedule.enabled else None
        following = next(CronSim(schedule.cron, last), None) if last else None
        if following is not None:
            key = (schedule.name, schedule.workflow, schedule.environment)
            found[key] = following.timestamp()
    return found


def _last(target: Target, tree: GitTree, schedule: Schedule) -> datetime | None:
    try:
        return last_dealt(tree, schedule)
    except RegistryError as error:
        target.notes.warn(str(error))
        return None


def _read(tree: GitTree, path: str) -> datetime | None:
    """The noted moment; None where there is none that can be read: the next beat writes it anew."""
    try:
        return moment(SIGN.read(tree.read(path), f"{BRANCH}:{path}").time, "time")
    except RegistryError:
        return None
