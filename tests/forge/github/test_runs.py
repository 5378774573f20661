"""Dispatches and runs, where GitHub is old, slow or broken; test_github_description.py has what it should do."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.model import ActionRun, Dispatch, Job, JobStep
from tests.forge.fault_server import FaultServer, Naps, Reply

WISH = Dispatch("deploy.yml", "deploy staging abc", {"request": "{}", "environment": "staging"})
DETAILS = {"workflow_run_id": 7, "run_url": "https://api", "html_url": "https://github.com/r/7"}


def listed(*titles: str) -> Reply:
    runs = [
        {
            "id": n,
            "html_url": f"https://github.com/r/{n}",
            "status": "queued",
            "display_title": title,
        }
        for n, title in enumerate(titles, 1)
    ]
    return Reply(200, {"total_count": len(runs), "workflow_runs": runs})


DISTRACTORS = (
    "deploy staging ab",
    "deploy staging abcd",
    "execute staging abc",
    "Deploy staging abc",
)


def test_a_server_that_names_the_run(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, DETAILS)]
    assert github.dispatches.dispatch(WISH) == ActionRun(7, "https://github.com/r/7")
    assert server.asked[0].path == "/repos/ada/registry/actions/workflows/deploy.yml/dispatches"
    assert server.asked[0].body == {
        "ref": "main",
        "inputs": {"request": "{}", "environment": "staging"},
        "return_run_details": True,
    }


def test_a_server_that_names_none(server: FaultServer, github: GitHub, naps: Naps) -> None:
    """204, and the run appears after a while, among others whose names are alike."""
    server.replies = [
        Reply(204),
        listed(),
        listed(*DISTRACTORS),
        listed(*DISTRACTORS, WISH.run_name),
    ]
    assert github.dispatches.dispatch(WISH).id == 5
    assert [asked.method for asked in server.asked] == ["POST", "GET", "GET", "GET"]
    assert "/workflows/deploy.yml/runs?event=workflow_dispatch" in server.asked[1].path
    assert naps.slept == [0.75, 1.5, 3.0]


def test_a_server_that_does_not_know_the_key(server: FaultServer, github: GitHub) -> None:
    refusal = {"message": 'Invalid request.\n\n"return_run_details" is not a permitted key.'}
    server.replies = [Reply(422, refusal), Reply(204), listed(WISH.run_name)]
    assert github.dispatches.dispatch(WISH).id == 1
    assert "return_run_details" not in server.asked[1].body


@pytest.mark.parametrize(
    "fault", [Reply(502), Reply(500, {"message": "oops"}), Reply(200, DETAILS, cut=3)], ids=str
)
def test_a_lost_answer_is_never_asked_for_again(
    server: FaultServer, github: GitHub, fault: Reply
) -> None:
    server.replies = [fault, listed(*DISTRACTORS, WISH.run_name)]
    assert github.dispatches.dispatch(WISH).id == 5
    assert [asked.method for asked in server.asked] == ["POST", "GET"]


def test_a_run_that_never_appears(server: FaultServer, github: GitHub, naps: Naps) -> None:
    server.replies = [Reply(204), listed(*DISTRACTORS)]
    with pytest.raises(RegistryError, match="no run named 'deploy staging abc' appeared"):
        github.dispatches.dispatch(WISH)
    assert 60 < sum(naps.slept) < 120
    server.replies = [Reply(502), listed(*DISTRACTORS)]
    with pytest.raises(RegistryError, match="did not say whether"):
        github.dispatches.dispatch(WISH)
    assert sum(asked.method == "POST" for asked in server.asked) == 2


@pytest.mark.parametrize(
    ("reply", "error", "said"),
    [
        (Reply(404, {"message": "Not Found"}), NotFoundError, "404"),
        (Reply(403, {"message": "Resource not accessible by integration"}), GitHubRefusedError, "403"),
        (Reply(422, {"message": "Workflow does not have 'workflow_dispatch' trigger"}), GitHubRefusedError,
         "does not have"),
    ],
)  # fmt: skip
def test_a_refusal(
    server: FaultServer, github: GitHub, reply: Reply, error: type[Exception], said: str
) -> None:
    server.replies = [reply]
    with pytest.raises(error, match=said):
        github.dispatches.dispatch(WISH)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "expected",
    [
        {},
        {"workflow_run_id": "7"},
        {"workflow_run_id": True},
        {"workflow_run_id": -1},
        {"workflow_run_id": 2**60},
        {"workflow_run_id": 7, "html_url": 5},
    ],
)
def test_an_answer_that_makes_no_sense(server: FaultServer, github: GitHub, expected: Any) -> None:
    server.replies = [Reply(200, expected)]
    with pytest.raises(RegistryError):
        github.dispatches.dispatch(WISH)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://x/\x1b]8;;evil", "http://x", "https://x/\n::error::"]
)
def test_an_address_that_is_none_is_not_shown(
    server: FaultServer, github: GitHub, url: str
) -> None:
    server.replies = [Reply(200, {**DETAILS, "html_url": url})]
    assert github.dispatches.dispatch(WISH) == ActionRun(7, "")


def test_a_run(server: FaultServer, github: GitHub) -> None:
    server.replies = [
        Reply(200, {"id": 7, "html_url": "https://x/7", "status": "queued", "conclusion": None}),
        Reply(200, {"id": 7, "html_url": "https://x/7", "status": "completed", "conclusion": "failure"}),
    ]  # fmt: skip
    queued, ended = github.dispatches.run(7), github.dispatches.run(7)
    assert (queued.ended, ended.ended, ended.conclusion) == (False, True, "failure")


def test_jobs_on_several_pages(server: FaultServer, github: GitHub) -> None:
    one = {"id": 1, "name": "a", "status": "queued", "conclusion": None}
    step = {"name": "s", "status": "completed", "conclusion": "success", "number": 1}
    server.replies = [
        Reply(200, {"jobs": [one] * 100}),
        Reply(200, {"jobs": [{**one, "id": 2, "steps": [step]}]}),
    ]
    jobs = github.dispatches.jobs(7)
    assert len(jobs) == 101
    assert jobs[-1] == Job(2, "a", "queued", "", (JobStep("s", "completed", "success"),))
    assert "page=2" in server.asked[1].path
