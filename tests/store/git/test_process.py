"""A git command runs to its end, also where somebody is interrupted; of what it says the end is looked at."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from registry_tool.store.git.process import MOST_ERROR_BYTES, command_name, error_text
from registry_tool.store.git.repository import Repository

FATAL = "fatal: the remote end hung up\n"
PUSHER = """
import signal, sys
from pathlib import Path
from registry_tool.store.git.repository import Repository
def interrupt(*_): raise KeyboardInterrupt
signal.signal(signal.SIGTERM, interrupt)
try:
    repository = Repository(Path(sys.argv[1]))
    repository.push("origin", repository.commit("main"), "refs/heads/main", "")
except KeyboardInterrupt:
    sys.exit(130)
"""


def git(folder: Path, *words: str) -> str:
    words = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", *words)
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_an_interrupt_waits_for_a_push_that_is_under_way(tmp_path: Path) -> None:
    bare, clone = tmp_path / "bare.git", tmp_path / "clone"
    git(tmp_path, "init", "--quiet", "--bare", str(bare))
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(clone))
    git(clone, "commit", "--quiet", "--allow-empty", "-m", "Start")
    git(clone, "remote", "add", "origin", str(bare))
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    hook = bare / "hooks/pre-receive"
    hook.write_text(f"#!/bin/sh\n: > {begun}\nwhile [ ! -e {go_on} ]; do sleep 0.01; done\n")
    hook.chmod(0o755)
    with subprocess.Popen([sys.executable, "-c", PUSHER, clone]) as process:
        while not begun.exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        try:
            with pytest.raises(subprocess.TimeoutExpired):  # the push still has to end
                process.wait(timeout=1)
        finally:
            go_on.touch()
        assert process.wait() == 130
    assert git(bare, "rev-parse", "main") == Repository(clone).commit("main")


def test_of_what_git_says_the_end_is_looked_at_from_a_lines_beginning() -> None:
    token = "remote: ghp_" + "0123456789" * 3 + "abcdEF\n"
    short = b"remote: a\n" + FATAL.encode()
    assert error_text(short) == short.decode()
    filler = b"remote: " + b"y" * (MOST_ERROR_BYTES - len(FATAL) - 8 - len(token) + 20) + b"\n"
    result = error_text(token.encode() + filler + FATAL.encode())
    assert result == (
        filler.decode() + FATAL if len(filler + FATAL.encode()) <= MOST_ERROR_BYTES else FATAL
    )
    assert "abcdEF" not in result
    assert error_text(b"z" * 3 * MOST_ERROR_BYTES) == "z" * MOST_ERROR_BYTES


@pytest.mark.parametrize(
    "words", [("push", "origin"), ("-c", "a=b", "-c", "c=d", "push"), ("--quiet", "push", "-c")]
)
def test_a_command_is_named_without_its_options(words: tuple[str, ...]) -> None:
    assert command_name(words) == "push"
