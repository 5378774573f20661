"""The bar of a batch: told on a terminal, a few times a second, and wiped away."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry_tool.cli.progress import Progress, WorkingEdges, progress_text
from registry_tool.engine.events import Event
from registry_tool.runtime.batch.session import BatchCounts

WHEN = datetime(2026, 1, 2, tzinfo=UTC)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_tells_what_was_read_and_what_became_of_it() -> None:
    counts = BatchCounts(found=40, ran=12, failed=3)
    assert progress_text(counts, 50, 100) == (
        "[###############---------------] 50% read, 12 run, 3 failed, 40 known"
    )
    assert progress_text(counts, 50, 0) == "12 run, 3 failed, 40 known"


def test_it_is_shown_on_a_terminal_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text("{}\n" * 10)
    with Progress(file) as progress:
        progress(BatchCounts(), 3)
    assert capsys.readouterr().err == ""
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    with Progress(file) as progress:
        for position in range(30):
            progress(BatchCounts(), position)
    assert shown.getvalue().count("read") == 1
    assert shown.getvalue().endswith("\r\x1b[K")


def test_a_run_shows_which_edges_work_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    working = WorkingEdges()
    for name in ("edge_started", "edge_retried", "edge_finished"):
        told = Event(WHEN, name, "a", "1.0.0", "exec-1", {"edge": "ask\x1b", "type": "llm"})
        for listener in working.listeners:
            listener(told)
    working.end()
    clear = "\r\x1b[K"
    assert terminal.getvalue() == f"{clear}working: ask\\u001b (llm){clear}{clear}"


def test_without_a_terminal_no_edge_is_listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert WorkingEdges().listeners == ()
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert WorkingEdges(shown=False).listeners == ()
