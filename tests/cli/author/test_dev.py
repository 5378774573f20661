"""`puppy-cli dev` as it is typed; the watching one in a process of its own, ended as a person ends it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from registry_tool.core.errors import NotFoundError
from tests.cli.invoked import invoke
from tests.commands.author.dev.projects import change, two_ways

STARTED = [sys.executable, "-c", "from registry_tool.cli.puppy import main; main()", "dev"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return two_ways(tmp_path / "two-ways")


def test_once_it_says_findings_and_tests(project: Path) -> None:
    done = invoke("dev", "two-ways")
    assert done.exit_code == 0, done.output
    assert "two-ways:1.0.0: 2 passed, 0 failed" in done.stdout
    assert done.stderr.count("warning:") == 1
    change(project, "{ welcome: Welcome! }", "{ welcome: Hi! }")
    assert invoke("dev", "two-ways").exit_code == 1


def test_json_is_one_document(project: Path) -> None:
    document = json.loads(invoke("dev", "two-ways", "--format", "json").stdout)
    assert document["tests"]["passed"] is True
    assert document["run_anew"] == ["comes", "goes"]


def test_no_project_is_said_at_once(project: Path) -> None:
    assert isinstance(invoke("dev", "elsewhere", "--watch").exception, NotFoundError)


@pytest.mark.e2e
def test_watching_survives_half_a_line_and_ends_with_130(project: Path) -> None:
    with started("two-ways", "--watch", "--format", "json") as run:
        assert run.stdout is not None
        assert next_look(run)["tests"]["passed"] is True
        change(project, "blocks:", "blocks: [")
        assert saved(run, project)["tests"] is None
        change(project, "blocks: [", "blocks:")
        change(project, '"Welcome!"', '"Come in!"')
        assert saved(run, project)["run_anew"] == ["comes"]
        run.send_signal(signal.SIGINT)
        _, said = run.communicate()
    assert run.returncode == 130
    assert json.loads(said.splitlines()[-1])["error"]["reason"] == "interrupted"
    assert "Traceback" not in said


@contextmanager
def started(*words: str) -> Iterator[subprocess.Popen[str]]:
    """`puppy-cli dev` in a process of its own, which ends with the test whatever comes."""
    run = subprocess.Popen(
        [*STARTED, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield run
    finally:
        run.kill()
        run.communicate()


def next_look(run: subprocess.Popen[str]) -> Any:
    assert run.stdout is not None
    return json.loads(run.stdout.readline())


def saved(run: subprocess.Popen[str], project: Path) -> Any:
    """The next look. Its first line comes before the watcher has begun, so the save may have to be told again."""
    import threading

    done = threading.Event()

    def again() -> None:
        text = (project / "workflow-resource.yaml").read_text()
        while not done.wait(0.2):
            (project / "workflow-resource.yaml").write_text(text)

    teller = threading.Thread(target=again, daemon=True)
    teller.start()
    try:
        return next_look(run)
    finally:
        done.set()
        teller.join()
