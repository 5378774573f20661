"""Runs as jobs of the registry's repository: real jobs; only GitHub itself is a stand-in (fake_github.py)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from puppyai.workflows import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    NotSupportedError,
    WorkflowClient,
)
from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.jobs import follow
from registry_tool.state.target import Target
from tests.forge.fake_github import KEY, TOKEN, FakeGitHub, fake_github


@pytest.fixture
def github(clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGitHub]:
    """Where the clone's remote is; `hello:1.0.0` serves in development."""
    monkeypatch.setenv("PUPPY_ENVIRONMENT_KEY", KEY)
    deploy(Target(clone), "hello:1.0.0", "development")
    bare = tmp_path / "remote.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(clone), str(bare)], check=True)
    add = [
        "git",
        "-C",
        str(clone),
        "remote",
        "add",
        "origin",
        "https://github.com/ada/registry.git",
    ]
    subprocess.run(add, check=True)
    monkeypatch.setattr(follow, "_FIRST", 0.02)
    monkeypatch.setattr(follow, "_LONGEST", 0.05)
    with fake_github(bare, tmp_path) as running:
        monkeypatch.setenv("GITHUB_API_URL", running.address)
        yield running
        for worker in running.workers:
            worker.join()


@pytest.mark.e2e
def test_a_job_runs_what_is_served_and_tells_its_steps(clone: Path, github: FakeGitHub) -> None:
    client = WorkflowClient(str(clone), auth_token=TOKEN)
    workflow = client.get_workflow("hello", "1.0.0")
    with workflow.start({"who": "Ada"}, "development", via="github") as run:
        changes = [event for event in run if event.name == "job_changed"]
        assert run.result().outputs == {"greeting": "Hello, Ada!"}
    assert run.id == "1"
    assert run.url.endswith("/actions/runs/1")
    assert [event.metadata["state"] for event in changes][-1] == "success"
    assert TOKEN not in repr(client) + repr(run) + str([event.metadata for event in changes])
    with pytest.raises(NotSupportedError, match="cancelled on its page"):
        run._work.cancel()


def test_what_no_job_can_run_is_reported_before_one_starts(clone: Path, github: FakeGitHub) -> None:
    client = WorkflowClient(str(clone), auth_token=TOKEN)
    with pytest.raises(ConflictError, match=r"serves 1\.0\.0, not 1\.1\.0") as caught:
        client.get_workflow("hello").execute({"who": "x"}, "development", via="github")
    assert "puppy-cli deploy hello:1.1.0 --env development" in caught.value.hint
    with pytest.raises(NotFoundError, match="not deployed to production"):
        client.get_workflow("hello").execute({"who": "x"}, "production", via="github")
    with pytest.raises(InvalidRequestError, match="what an environment serves"):
        client.get_workflow("hello").execute({"who": "x"}, via="github")
    assert github.runs == []


def test_a_site_has_no_jobs(site: Path) -> None:
    with pytest.raises(NotSupportedError, match="a clone's repository"):
        WorkflowClient(str(site)).get_workflow("hello").execute({}, "production", via="github")
