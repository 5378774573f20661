"""The child that builds pages, and what happens when it ends."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable

import pytest

from registry_tool.server import keeper
from registry_tool.server.options import ServeOptions
from tests.bounded import PATIENCE

CHILD = "import sys; print({message!r}, flush=True); sys.stdin.read(); sys.exit({code})"


def child(message: str, code: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD.format(message=message, code=code)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def test_what_it_says_is_logged_and_it_ends_with_the_server(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def start(*_: object) -> subprocess.Popen[bytes]:
        started.append(child("error: no space", 0))
        return started[-1]

    monkeypatch.setattr(keeper, "start_keeper", start)
    caplog.set_level(logging.INFO, keeper.__name__)
    running = keeper.ChildSupervisor(ServeOptions("/r", site="/s"))
    running.end()
    running.join(PATIENCE)
    assert [one.returncode for one in started] == [0]
    assert [(r.levelname, r.message) for r in caplog.records] == [
        ("WARNING", "pages: error: no space")
    ]


def test_one_that_ends_is_started_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(keeper, "PAUSE", 0.0)
    left = [lambda: child("a", 0), lambda: child("b", 3)]
    begun: list[Callable[[], None]] = []

    def start(*_: object) -> subprocess.Popen[bytes]:
        made = left.pop()()
        if left:  # the first one ends by itself
            assert made.stdin
            made.stdin.close()
        begun.append(running_end)
        return made

    def running_end() -> None:
        """Nothing."""

    monkeypatch.setattr(keeper, "start_keeper", start)
    running = keeper.ChildSupervisor(ServeOptions("/r", site="/s"))
    while len(begun) < 2:
        running.join(0.01)
    running.end()
    running.join(PATIENCE)
    assert "ended with 3; starting another" in caplog.text
