"""`registry-tool scheduled`: what is due since the last time runs, exactly once.

What was dealt with stands on the branch `schedules`, `<environment>/<name>.json`. A time's run has an execution id
made of it, so whoever comes second finds it admitted and leaves it alone, also after a `kill -9` in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from registry_tool.catalogue.schedules import Schedule
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.admitted_run import Sinks
from registry_tool.commands.run.execute import run_and_record
from registry_tool.core.clock import instant
from registry_tool.core.codec import FileFormat, Stored, moment
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.files import inside, read_json
from registry_tool.core.values import Object, Value
from registry_tool.monitoring.ticks import MOST_COUNTED, DueTick, due
from registry_tool.state.branches import state_branch, writer
from registry_tool.state.runs.records import ring_of
from registry_tool.state.target import Target
from registry_tool.store.git.commit_tree import GitTree

BRANCH = "schedules"
BEGINS, BEGAN_ELSEWHERE, REFUSED, NOT_DUE = "begins", "began-elsewhere", "refused", "not-due"


class LastTick(Stored, frozen=True):
    """`<environment>/<schedule>.json`: the last time (RFC 3339) of a schedule that was dealt with."""

    schedule: str
    last: str

    def __post_init__(self) -> None:
        moment(self.last, "last")


STATE = FileFormat[LastTick](
    LastTick,
    "state of a schedule",
    "puppyai.com/schedule/v1",
    "restore the file from the branch's history",
)


@dataclass(frozen=True, slots=True)
class TickOutcome:
    """What was done about a schedule. `status` is its run's, or begins, began-elsewhere, refused, not-due."""

    schedule: str
    status: str
    tick: str = ""
    missed: int = 0
    execution_id: str = ""
    reason: str = ""

    @property
    def is_fine(self) -> bool:
        """Whether nobody needs to look."""
        return self.status in {"success", BEGINS, BEGAN_ELSEWHERE, NOT_DUE}

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "schedule": self.schedule,
            "status": self.status,
            "tick": self.tick,
            "missed": self.missed,
            "execution_id": self.execution_id,
            "reason": self.reason,
        }

    def sentence(self) -> str:
        """For people."""
        text = f"{self.schedule}: {self.status}"
        if self.tick:
            text += f", due {self.tick}"
        if self.missed:
            more = " or more" if self.missed >= MOST_COUNTED else ""
            text += f", {self.missed}{more} times before it were missed and are not made up for"
        return f"{text}: {self.reason}" if self.reason else text


def scheduled(
    target: Target,
    environment: str,
    requester: Requester,
    now: datetime | None = None,
    folder: Path | None = None,
) -> Iterator[TickOutcome]:
    """Deal with an environment's schedules; what each run leaves goes below `folder`, by its execution id.

    A schedule that is seen for the first time begins then: nothing before it is made up for.
    """
    present = now or target.clock.now()
    for schedule in target.settings().schedules:
        if schedule.environment != environment or not schedule.enabled:
            continue
        last = _last(target, schedule)
        if last is None:
            _note(target, schedule, present)
            yield TickOutcome(
                schedule.name, BEGINS, reason=f"its times count from {instant(present)}"
            )
            continue
        ahead = is_ahead(last, present)
        found = _due_now(schedule.cron, present) if ahead else due(schedule.cron, last, present)
        if found is None:
            if ahead:
                _note(target, schedule, present, instead_of=last)
            yield TickOutcome(
                schedule.name, NOT_DUE, reason=_AHEAD.format(instant(last)) if ahead else ""
            )
            continue
        dealt = _deal(target, schedule, found, requester, folder)
        if ahead:
            why = "; ".join(filter(None, (dealt.reason, _AHEAD.format(instant(last)))))
            dealt = replace(dealt, reason=why)
        yield dealt
        _note(target, schedule, found.tick, instead_of=last if ahead else None)


_CLOCKS_APART = timedelta(minutes=15)
"""How far a record may be ahead of this machine's clock before it counts as another machine's error."""

_MADE_UP_FOR = timedelta(days=1)
"""How old a time may be that is dealt with in place of a record from the future: its run's record is still there,
so that it isn't run twice."""

_AHEAD = (
    "what was dealt with last is noted as {}, which is yet to come: some machine's clock was ahead"
)


def is_ahead(last: datetime, now: datetime) -> bool:
    """Whether what was noted comes from a machine whose clock was wrong: it holds nothing back."""
    return last - now > _CLOCKS_APART


def _due_now(cron: str, now: datetime) -> DueTick | None:
    """The newest time that has come, where nobody knows which were dealt with; none is reported as missed."""
    newest = due(cron, now - _MADE_UP_FOR, now)
    return replace(newest, missed=0) if newest else None


def _deal(
    target: Target, schedule: Schedule, found: DueTick, requester: Requester, folder: Path | None
) -> TickOutcome:
    name = f"sched-{schedule.name}-{found.tick:%Y%m%dT%H%MZ}"
    dealt = TickOutcome(schedule.name, REFUSED, instant(found.tick), found.missed, name)
    try:
        ring = ring_of(target, schedule.environment)
        request = ExecuteRequest(schedule.workflow, _inputs(target, schedule))
        admission = admit(
            target,
            schedule.environment,
            request,
            requester,
            execution_id=name,
            ring=ring,
            once=True,
            dispatched=False,
        )
        if admission.repeated:
            return replace(dealt, status=BEGAN_ELSEWHERE)
        outcome = run_and_record(target, admission, ring, _sinks(folder, name))
    except RegistryError as error:
        return replace(dealt, reason=str(error))
    return replace(dealt, status=outcome.status, reason=outcome.error_kind)


def _sinks(folder: Path | None, name: str) -> Sinks:
    if folder is None:
        return Sinks()
    own = folder / name
    return Sinks(None, own / "log.jsonl", own / "metrics.txt", own / "result.json", own / "payload")


def _inputs(target: Target, schedule: Schedule) -> Mapping[str, Value]:
    if not schedule.inputs_file:
        return schedule.inputs
    path = inside(target.root, schedule.inputs_file)
    value = read_json(path)
    if not isinstance(value, dict):
        raise RegistryError("the inputs of a schedule must be one JSON object", location=str(path))
    return value


def _path(schedule: Schedule) -> str:
    return f"{schedule.environment}/{schedule.name}.json"


def _last(target: Target, schedule: Schedule) -> datetime | None:
    return last_dealt(state_branch(target, BRANCH).files(), schedule)


def last_dealt(tree: GitTree, schedule: Schedule) -> datetime | None:
    """The last time of a schedule that was dealt with, out of the branch's files; None for one never looked at."""
    return _read(tree, _path(schedule))


def _read(tree: GitTree, path: str) -> datetime | None:
    try:
        data = tree.read(path)
    except NotFoundError:
        return None
    return moment(STATE.read(data, f"{BRANCH}:{path}").last, "last")


def _note(
    target: Target, schedule: Schedule, tick: datetime, *, instead_of: datetime | None = None
) -> None:
    """This time was dealt with; a rival who is further stays so, unless that is `instead_of`, from the future."""
    path = _path(schedule)
    data = STATE.to_bytes(LastTick(schedule.name, instant(tick)))

    def write(tree: GitTree) -> Mapping[str, bytes | None]:
        known = _read(tree, path)
        if known is not None and known >= tick and known != instead_of:
            return {}
        return {path: data}

    message = f"Note {schedule.name} in {schedule.environment}"
    state_branch(target, BRANCH).write(write, message, writer(target))
