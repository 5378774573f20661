"""Logs of runs that a job made elsewhere. The artifacts are in memory: what GitHub answers is tests/forge's."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from registry_tool.commands.jobs import fetched_logs
from registry_tool.commands.jobs.dispatch import Via, token_of
from registry_tool.commands.jobs.fetched_logs import fetch_log, find_log
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.execute import execute_request
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.model import Artifact
from registry_tool.monitoring.records import RunRecord
from registry_tool.state.runs.records import read_records
from registry_tool.state.target import Target


@dataclass
class Kept:
    """Artifacts by hand: each with its files."""

    kept: dict[Artifact, dict[str, bytes]] = field(default_factory=dict)

    def of_run(self, id: int) -> tuple[Artifact, ...]:
        raise AssertionError(id)

    def named(self, name: str) -> tuple[Artifact, ...]:
        return tuple(a for a in self.kept if a.name == name)

    def files(self, artifact: Artifact) -> dict[str, bytes]:
        return self.kept[artifact]

    def remove(self, name: str) -> bool:
        raise AssertionError(name)


def line(run: RunRecord, event: str, execution_id: str = "") -> bytes:
    own = {"execution_id": execution_id or run.execution_id}
    return (json.dumps({"workflow": own, "event": event}) + "\n").encode()


@pytest.fixture
def run(served: Target) -> RunRecord:
    execute_request(
        served, "production", ExecuteRequest("hello", {"who": "Ada"}), Requester(8, "bob")
    )
    return read_records(served, "production", "hello")[-1]


def test_a_jobs_log_comes_out_of_its_artifact(run: RunRecord) -> None:
    other = line(run, "other", "exec-2")
    kept = Kept({Artifact(1, f"run-{run.execution_id}", 9): {
        "log.jsonl": line(run, "a") + other + line(run, "b", f"{run.execution_id}.called"),
        "result.json": b"{}",
    }})  # fmt: skip
    said: list[str] = []
    assert [e["event"] for e in fetch_log(kept, run, said.append)] == ["a", "b"]
    assert f"out of the artifact run-{run.execution_id}" in said[0]


def test_a_scheduled_runs_log_is_in_its_jobs_artifact(run: RunRecord) -> None:
    own = replace(run, execution_id="sched-hourly-20261125T1300Z")
    name = "scheduled-production-1"
    kept = Kept({
        Artifact(3, name, 9, created="2099-01-02T00:00:00.000Z"): {
            f"{own.execution_id}/log.jsonl": line(own, "mine")
        },
        Artifact(2, name, 9, created="2099-01-01T00:00:00.000Z"): {"sched-x/log.jsonl": b"{"},
        Artifact(1, name, 9, created="2000-01-01T00:00:00.000Z"): {"log.jsonl": b"{"},
    })  # fmt: skip
    assert [e["event"] for e in fetch_log(kept, own)] == ["mine"]


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ([], "the forge has no artifact of it"),
        ([(True, {})], "its artifact has expired"),
        ([(False, {"result.json": b"{}"})], "no artifact holds a log"),
    ],
)
def test_what_is_gone_is_reported(
    run: RunRecord, kept: list[tuple[bool, dict[str, bytes]]], words: str
) -> None:
    name = f"run-{run.execution_id}"
    there = Kept({Artifact(n, name, 1, expired): files for n, (expired, files) in enumerate(kept)})
    with pytest.raises(NotFoundError, match=words):
        fetch_log(there, run)


@pytest.mark.parametrize("data", [b"\xff\n", b"nonsense\n", b"[]\n", b'{"workflow": 1}\n'])
def test_what_is_no_log_is_refused(run: RunRecord, data: bytes) -> None:
    kept = Kept({Artifact(1, f"run-{run.execution_id}", 9): {"log.jsonl": data}})
    with pytest.raises(RegistryError, match="this is not a log of a run"):
        fetch_log(kept, run)


def test_what_ran_here_is_read_here_and_a_forge_needs_a_token(
    clones: Callable[[int], list[Target]], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = clones(2)
    execute_request(
        here, "production", ExecuteRequest("hello", {"who": "Ada"}), Requester(8, "bob")
    )
    assert len(find_log(here, "hello", "production")) == 4
    with pytest.raises(NotFoundError, match="ran elsewhere"):  # the remote is not a forge
        find_log(there, "hello", "production")

    def forge_of(_: Via, __: Path, ___: str, environ: Mapping[str, str]) -> GitHub:
        return GitHub("ada/registry", token_of(environ), "http://127.0.0.1:1")

    monkeypatch.setattr(fetched_logs, "forge_of", forge_of)
    with pytest.raises(UsageError, match="no token for GitHub is set") as refused:
        find_log(replace(there, environ={}), "hello", "production")
    assert "GITHUB_TOKEN" in str(refused.value)


def test_what_is_deployed_and_never_ran_has_an_empty_log(served: Target) -> None:
    said: list[str] = []
    assert find_log(served, "hello", "production", say=said.append) == []
    assert "no run of hello in production was logged" in said[0]
    with pytest.raises(NotFoundError, match="no exec-1 was logged"):
        find_log(served, "hello", "production", "exec-1")
    with pytest.raises(NotFoundError, match="caller is not deployed to production"):
        find_log(served, "caller", "production")
