"""Following a job. The forge is hand-written: it plays the states that GitHub's documentation names, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from registry_tool.commands.jobs.follow import (
    JobProgress,
    PollingPolicy,
    StillRunningError,
    changes,
    check_success,
    follow,
)
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.http import LostError
from registry_tool.forge.base import Forge
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.rate_limits import Pace
from registry_tool.forge.model import ActionRun, Job, JobStep
from tests.forge.fault_server import Naps

URL = "https://github.com/ada/registry/actions/runs/7"


@dataclass
class Script:
    """Gives the next of its states at every look, and the last one for ever."""

    states: list[tuple[str, str, tuple[Job, ...]]]
    looks: int = 0
    now: tuple[Job, ...] = field(default=())

    def run(self, id: int) -> ActionRun:
        status, conclusion, self.now = self.states[min(self.looks, len(self.states) - 1)]
        self.looks += 1
        if status == "missing":
            raise NotFoundError("GitHub answered 404")
        if status == "lost":
            raise LostError("the forge broke off")
        if status.isdigit():
            raise GitHubRefusedError(int(status), "no")
        return ActionRun(id, URL, status, conclusion)

    def jobs(self, id: int) -> tuple[Job, ...]:
        return self.now or self.states[-1][2]


def forge(*states: tuple[str, str, tuple[Job, ...]]) -> Forge:
    return cast(Forge, SimpleNamespace(dispatches=Script(list(states))))


def job(status: str, conclusion: str = "", *steps: JobStep) -> tuple[Job, ...]:
    return (Job(1, "Deploy", status, conclusion, steps),)


INSTALLED = JobStep("Install", "completed", "success")
RUNNING = job(
    "in_progress", "", INSTALLED, JobStep("Deploy", "in_progress"), JobStep("Report", "queued")
)
DONE = job("completed", "success", INSTALLED, JobStep("Deploy", "completed", "success"))


def followed(
    naps: Naps, *states: tuple[str, str, tuple[Job, ...]], **more: Any
) -> tuple[ActionRun, list[JobProgress]]:
    messages: list[JobProgress] = []
    policy = PollingPolicy(pace=Pace(naps.clock, naps.sleep, lambda: 0.5), **more)
    return follow(forge(*states), ActionRun(7, URL), messages.append, policy), messages


def test_what_changes_is_reported_once() -> None:
    naps = Naps()
    run, output = followed(
        naps,
        ("queued", "", job("queued")),
        ("in_progress", "", RUNNING),
        ("in_progress", "", RUNNING),
        ("in_progress", "", RUNNING),
        ("completed", "success", DONE),
    )
    assert run.conclusion == "success"
    assert output == [
        JobProgress("Deploy", "", "in_progress"),
        JobProgress("Deploy", "Install", "success"),
        JobProgress("Deploy", "Deploy", "in_progress"),
        JobProgress("Deploy", "Deploy", "success"),
        JobProgress("Deploy", "", "success"),
    ]
    assert naps.slept == [3.0, 2.0, 3.0, 4.5], "slower while nothing happens"


def test_a_run_that_is_not_found_yet() -> None:
    run, output = followed(
        Naps(), ("missing", "", ()), ("missing", "", ()), ("completed", "success", DONE)
    )
    assert run.conclusion == "success"
    assert output[-1] == JobProgress("Deploy", "", "success")


@pytest.mark.parametrize("fault", ["lost", "503"])
def test_a_forge_that_is_down_for_a_while(fault: str) -> None:
    run, output = followed(
        Naps(),
        ("in_progress", "", RUNNING),
        (fault, "", ()),
        (fault, "", ()),
        ("completed", "success", DONE),
    )
    assert run.conclusion == "success"
    assert len(output) == len(set(output)) == 5, "nothing is told twice"


def test_a_refusal_is_no_outage() -> None:
    with pytest.raises(GitHubRefusedError):
        followed(Naps(), ("403", "", ()))


def test_a_run_that_is_gone() -> None:
    naps = Naps()
    with pytest.raises(NotFoundError):
        followed(naps, ("missing", "", ()))
    assert 30 <= naps.now < 60


def test_an_approval_is_asked_for_once() -> None:
    _, output = followed(
        Naps(),
        ("waiting", "", job("waiting")),
        ("waiting", "", job("waiting")),
        ("completed", "success", DONE),
    )
    assert [change.state for change in output if not change.job] == [
        f"waits for an approval: {URL}"
    ]


def test_looks_get_rarer_up_to_a_bound() -> None:
    naps = Naps()
    with pytest.raises(StillRunningError, match="within 300 seconds; it goes on") as caught:
        followed(naps, ("in_progress", "", RUNNING), longest=300.0)
    assert naps.slept[-1] == 15.0
    assert 300 <= naps.now < 316
    assert "gh run watch 7" in caught.value.hint


def test_a_job_that_came_and_went_between_two_looks() -> None:
    assert list(changes((), DONE)) == [
        JobProgress("Deploy", "Install", "success"),
        JobProgress("Deploy", "Deploy", "success"),
        JobProgress("Deploy", "", "success"),
    ]


def test_steps_of_one_name_are_distinguished() -> None:
    twice = (INSTALLED, INSTALLED)
    assert len(list(changes((), job("in_progress", "", *twice)))) == 3


@pytest.mark.parametrize(
    ("conclusion", "said"),
    [
        ("failure", "the job 'Deploy' failed in its step 'Deploy'"),
        ("cancelled", "the job was cancelled"),
        ("timed_out", "took longer than its limit"),
        ("startup_failure", "could not start"),
        ("action_required", "permission"),
        ("stale", "gave the job up"),
        ("skipped", "skipped"),
        ("neutral", "without a verdict"),
        ("something_new", "failed in its step"),
    ],
)
def test_how_a_job_ends(conclusion: str, said: str) -> None:
    failed = job("completed", "failure", INSTALLED, JobStep("Deploy", "completed", "failure"))
    with pytest.raises(RegistryError, match=said) as caught:
        check_success(
            forge(("completed", conclusion, failed)), ActionRun(7, URL, "completed", conclusion)
        )
    assert caught.value.exit_code == 1
    assert caught.value.location == URL


def test_a_failure_without_steps() -> None:
    run = ActionRun(7, "", "completed", "failure")
    with pytest.raises(RegistryError, match="the job 'Deploy' failed"):
        check_success(forge(("completed", "failure", job("completed", "failure"))), run)
    with pytest.raises(RegistryError, match="the job failed"):
        check_success(forge(("completed", "failure", ())), run)


def test_a_success_is_none_of_these() -> None:
    check_success(forge(), ActionRun(7, URL, "completed", "success"))
