"""Follow a job on the forge until it ends: changes are reported, how it ended becomes a value or an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.http import LostError
from registry_tool.forge.base import Forge
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.rate_limits import Pace
from registry_tool.forge.model import ActionRun, Job

_FIRST = 2.0
_LONGEST = 15.0
_GROWTH = 1.5
_FRESH = 30.0
"""Seconds in which GitHub may not find a run yet that it has just named."""
_SUCCESS = "success"
_QUIET = frozenset({"", "queued", "pending", "skipped"})
_ENDS = {
    "cancelled": "the job was cancelled",
    "timed_out": "the job took longer than its limit",
    "action_required": "the job waits for somebody's permission and did not run",
    "startup_failure": "GitHub could not start the job: the Action file is wrong",
    "stale": "GitHub gave the job up after weeks of waiting",
    "skipped": "the job was skipped",
    "neutral": "the job ended without a verdict",
}


@dataclass(frozen=True, slots=True)
class JobProgress:
    """What became of a job, or of a step in it (`step` is empty for the job itself)."""

    job: str
    step: str
    state: str


@dataclass(frozen=True, slots=True)
class PollingPolicy:
    """How long to wait for a job, in seconds, and how."""

    longest: float = 3600.0
    pace: Pace = field(default_factory=Pace)


_Seen = tuple[ActionRun, tuple[Job, ...]]


class StillRunningError(RegistryError):
    """Nobody waits any longer; the job goes on."""


def follow(
    forge: Forge,
    run: ActionRun,
    on_progress: Callable[[JobProgress], None],
    policy: PollingPolicy | None = None,
) -> ActionRun:
    """The run once it has ended; `StillRunningError` after the longest wait. The job never notices who looks."""
    wait = policy or PollingPolicy()
    pace, start = wait.pace, wait.pace.clock()
    before: _Seen = (run, ())
    pause = _FIRST
    while True:
        now = _look(forge, before, fresh=pace.clock() < start + _FRESH)
        news = list(_news(before, now))
        for change in news:
            on_progress(change)
        if now[0].ended:
            return now[0]
        if pace.clock() >= start + wait.longest:
            raise StillRunningError(
                f"the job has not ended within {wait.longest:.0f} seconds; it goes on",
                location=run.url,
                hint=how_to_watch(run),
            )
        pause = _FIRST if news else min(pause * _GROWTH, _LONGEST)
        before = now
        pace.sleep(pause * (0.75 + pace.chance() / 2))


def _look(forge: Forge, before: _Seen, *, fresh: bool) -> _Seen:
    """The run and its jobs now; as before where GitHub is down, or doesn't find yet what was just started."""
    id = before[0].id
    try:
        return forge.dispatches.run(id), forge.dispatches.jobs(id)
    except NotFoundError:
        if fresh:
            return before
        raise
    except LostError:
        return before
    except GitHubRefusedError as error:
        if error.status >= 500:
            return before
        raise


def _news(before: _Seen, now: _Seen) -> Iterator[JobProgress]:
    yield from changes(before[1], now[1])
    run = now[0]
    if run.status == "waiting" != before[0].status:
        yield JobProgress("", "", f"waits for an approval: {run.url}")


def how_to_watch(run: ActionRun) -> str:
    """What a person does who wants to see the end."""
    return f"look at {run.url}, or run `gh run watch {run.id}`" if run.url else f"run {run.id}"


def changes(before: tuple[Job, ...], after: tuple[Job, ...]) -> Iterator[JobProgress]:
    """What is new in `after`: jobs that started or ended, steps that did."""
    known = {job.id: job for job in before}
    for job in after:
        old = known.get(job.id)
        states = dict(_steps(old)) if old else {}
        started = _state(job.status, job.conclusion)
        if job.status == "in_progress" and (old is None or old.status != job.status):
            yield JobProgress(job.name, "", started)
        for location, state in _steps(job):
            if state not in _QUIET and states.get(location) != state:
                yield JobProgress(job.name, location[1], state)
        if job.status == "completed" and (old is None or old.status != job.status):
            yield JobProgress(job.name, "", started)


def _steps(job: Job) -> Iterator[tuple[tuple[int, str], str]]:
    for number, step in enumerate(job.steps):
        yield (number, step.name), _state(step.status, step.conclusion)


def _state(status: str, conclusion: str) -> str:
    return conclusion if status == "completed" else status


def check_success(forge: Forge, run: ActionRun) -> None:
    """Nothing for a run that succeeded; else `RegistryError` says how it ended and where it failed."""
    if run.conclusion == _SUCCESS:
        return
    reason = _ENDS.get(run.conclusion) or _failure(forge.dispatches.jobs(run.id))
    raise RegistryError(reason, location=run.url, hint=f"its log: {how_to_watch(run)}")


def _failure(jobs: tuple[Job, ...]) -> str:
    for job in jobs:
        for step in job.steps:
            if step.conclusion in {"failure", "timed_out"}:
                return f"the job {job.name!r} failed in its step {step.name!r}"
        if job.conclusion == "failure":
            return f"the job {job.name!r} failed"
    return "the job failed"
