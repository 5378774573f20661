"""`run --step`: on a real pseudo-terminal, and where there is none."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.invoked import invoke
from tests.commands.author.dev.projects import change, two_ways

RUN = ["run", "two-ways", "--input", "said=hello", "--provider", "replay", "--step"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return two_ways(tmp_path / "two-ways")


def test_without_a_terminal_every_step_is_shown(project: Path) -> None:
    done = invoke(*RUN)
    assert done.exit_code == 0, done.output
    shown = done.stderr.splitlines()
    first = shown.index("choose (branch)")
    assert shown[first : first + 7] == [
        "choose (branch)",
        "  in  said: hello",
        "  out coming: hello",
        "  out going: not taken",
        "greet (modify)",
        "  in  coming: hello",
        "  out welcome: Welcome!",
    ]
    assert "welcome: Welcome!" in done.stdout


def test_personal_inputs_and_secrets_are_not_shown(project: Path) -> None:
    change(project, "type: string, required: true }", "type: string, required: true, pii: true }")
    token = "ghp_" + "0123456789abcdefghijklmnopqrstuvwxyz"
    given = f"said=hello Ada Lovelace {token}"
    done = invoke("run", "two-ways", "--input", given, "--step", "--provider", "replay")
    assert done.exit_code == 0, done.output
    assert "greet (modify)" in done.stderr
    assert "Lovelace" not in done.stderr
    assert token not in done.stderr


@contextmanager
def on_a_terminal() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The command with a terminal for its standard input and error."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-c", "from registry_tool.cli.puppy import main; main()", *RUN]
    run = subprocess.Popen(words, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    try:
        yield run, ours
    finally:
        run.kill()
        run.communicate()
        os.close(ours)


def until(terminal: int, words: str) -> str:
    seen = ""
    while words not in seen:
        seen += os.read(terminal, 4096).decode()
    return seen


@pytest.mark.e2e
def test_enter_goes_on_and_q_ends_with_130(project: Path) -> None:
    with on_a_terminal() as (run, terminal):
        assert "in  said: hello" in until(terminal, "q ends: ")
        os.write(terminal, b"\n")
        shown = until(terminal, "q ends: ")
        assert "out coming: hello" in shown
        assert "out welcome" not in shown
        os.write(terminal, b"q\n")
        until(terminal, "interrupted")
        assert run.wait() == 130


@pytest.mark.e2e
def test_ctrl_c_at_a_step_ends_at_once(project: Path) -> None:
    with on_a_terminal() as (run, terminal):
        until(terminal, "q ends: ")
        run.send_signal(signal.SIGINT)
        assert "Traceback" not in until(terminal, "interrupted")
        assert run.wait() == 130
