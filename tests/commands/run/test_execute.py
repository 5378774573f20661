from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.run.admitted_run import Sinks
from registry_tool.commands.run.execute import execute, execute_step
from registry_tool.commands.run.outcome import read_outcome, record
from registry_tool.core.errors import RegistryError
from registry_tool.engine.events import Event
from registry_tool.monitoring.runs import runs_of
from registry_tool.runtime.run_program import RunOptions
from registry_tool.security.encrypt import open_payload
from registry_tool.state.runs.keys import context_of, find_key
from registry_tool.state.runs.records import read_records
from registry_tool.state.target import Target
from tests.commands.conftest import MovingClock, add_version
from tests.commands.running import statuses, steps


def encrypted(target: Target) -> None:
    """hello 1.1.0 demands that what it leaves is encrypted, for 30 hours."""
    privacy = "{ encryption: aes-256, data_retention: 30h }"
    add_version(target, "1.1.0", f"\nsecurity: {{ data_privacy: {privacy} }}\n")
    deploy(target, "hello:1.1.0", "production")


def test_the_three_steps_of_a_job(served: Target, clock: MovingClock, tmp_path: Path) -> None:
    admission, admitted_run = steps(served)
    assert statuses(served, clock) == ["running"]
    stream, path = io.StringIO(), tmp_path / "outcome.json"
    sinks = Sinks(stream, tmp_path / "log", tmp_path / "metrics", tmp_path / "result")
    execute_step(replace(admitted_run, sinks=sinks), path)
    assert json.loads((tmp_path / "result").read_text())["outputs"] == {"greeting": "Hello, Ada!"}
    assert stream.getvalue() == (tmp_path / "log").read_text()
    assert 'status="success"' in (tmp_path / "metrics").read_text()
    ring = admitted_run.ring
    outcome = read_outcome(path, admission, ring)
    assert outcome is not None
    assert "Ada" not in path.read_text()
    assert record(served, admission, outcome, ring) is not None
    assert record(served, admission, outcome, ring) is None  # twice does no harm
    assert record(served, admission, None, ring) is None
    assert statuses(served, clock) == ["success"]


def test_what_a_version_wants_encrypted_is_never_written_as_it_is(
    served: Target, tmp_path: Path
) -> None:
    encrypted(served)
    admission, admitted_run = steps(served, sealed=True)
    assert (admission.encryption, admission.retention_days) == ("aes-256", 2)
    result, payload = tmp_path / "result", tmp_path / "payload"
    _, outcome = replace(admitted_run, sinks=Sinks(result=result, payload=payload)).run()
    assert not result.exists()
    blob = payload.read_bytes()
    assert b"Ada" not in blob
    assert outcome.key is not None
    opened = json.loads(
        open_payload(blob, outcome.key, admitted_run.ring, context_of("production", "exec-1"))
    )
    assert opened["inputs"] == {"who": "Ada"}
    assert opened["outputs"] == {"greeting": "Hello, Ada!"}
    record(served, admission, outcome, admitted_run.ring)
    kept = find_key(served, "production", "exec-1")
    assert kept.wrapped == outcome.key
    assert kept.expires == "2026-11-26T18:00:00.000Z"
    last = read_records(served, "production")[-1]
    assert last.payload is not None
    assert (last.payload.digest, last.payload.artifact) == (
        outcome.payload.digest,  # type: ignore[union-attr]
        "run-exec-1",
    )
    _, again = replace(admitted_run, sinks=Sinks(payload=payload)).run()
    record(served, admission, again, admitted_run.ring)
    assert find_key(served, "production", "exec-1").wrapped == again.key


def test_without_encryption_no_payload_is_made(served: Target, tmp_path: Path) -> None:
    _, admitted_run = steps(served)
    replace(admitted_run, sinks=Sinks(payload=tmp_path / "payload")).run()
    assert not (tmp_path / "payload").exists()


def test_a_run_that_is_refused_is_recorded_as_failed(served: Target, clock: MovingClock) -> None:
    admission, admitted_run = steps(served)
    readme = served.root / "registry/workflows/hello/1.0.0/docs/README.md"
    readme.write_text("tampered with")
    with pytest.raises(RegistryError, match="was deployed") as refused:
        admitted_run.run()
    record(served, admission, admitted_run.broken_off(refused.value), admitted_run.ring)
    assert statuses(served, clock) == ["error"]
    assert read_records(served, "production")[-1].error_kind == "registry"


def test_an_interrupted_run_is_recorded_as_cancelled(served: Target, clock: MovingClock) -> None:
    def interrupt(event: Event) -> None:
        if event.name == "edge_started":
            raise KeyboardInterrupt

    how = RunOptions("production", listeners=(interrupt,))
    with pytest.raises(KeyboardInterrupt):
        execute(served, "hello", {"who": "Ada"}, how)
    assert statuses(served, clock) == ["error"]
    assert read_records(served, "production")[-1].error_kind == "cancelled"


KILLED = """
import os, signal, sys
from pathlib import Path
from registry_tool.commands.run import execute as module
from registry_tool.commands.run.actor import Requester
from registry_tool.state.target import Target
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.{where} import {name} as real
def die(*a, **k):
    {before}
    os.kill(os.getpid(), signal.SIGKILL)
setattr(module, "{name}", die)
if "{name}" == "AdmittedRun":
    real.run = die
    module.AdmittedRun = real
asked = ExecuteRequest("hello", {{"who": "Ada"}})
module.execute_request(Target(Path(".")), "production", asked, Requester(8), execution_id="exec-1")
"""


@pytest.mark.parametrize(
    ("where", "name", "before", "kinds"),
    [
        ("admit", "admit", "pass", []),
        ("admit", "admit", "real(*a, **k)", ["started"]),
        ("admitted_run", "AdmittedRun", "pass", ["started"]),
        ("outcome", "record", "pass", ["started"]),
        ("outcome", "record", "real(*a, **k)", ["started", "finished"]),
    ],
)
def test_killed_anywhere_the_same_job_again_completes_it(
    served: Target, where: str, name: str, before: str, kinds: list[str]
) -> None:
    """`kill -9` before and after admission, run and record; then the job runs again.

    It is the same run until its end is on record; after that it runs, and counts, once more.
    """
    program = KILLED.format(where=where, name=name, before=before)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=served.root, check=False, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert [r.kind for r in read_records(served, "production", every=True)] == kinds
    lines = program.splitlines()
    again = "\n".join([*lines[:7], *lines[-2:]])
    subprocess.run([sys.executable, "-c", again], cwd=served.root, check=True)
    records = read_records(served, "production", every=True)
    assert [r.kind for r in records].count("started") == (2 if "finished" in kinds else 1)
    assert [run.status for run in runs_of(records, served.clock.now())] == ["success"]
    subprocess.run(
        ["git", "fsck", "--strict"],
        cwd=served.root,
        check=True,
        capture_output=True,
        env=os.environ,
    )
