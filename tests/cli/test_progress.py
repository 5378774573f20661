"""How far a batch is: a bar on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import io
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry_tool.cli.progress import Progress, WorkingEdges, bar, lines_in, progress_text
from registry_tool.engine.events import Event
from registry_tool.runtime.batch.session import BatchCounts
from tests.bounded import PATIENCE

WHEN = datetime(2026, 1, 2, tzinfo=UTC)


class WatchedStream(io.StringIO):
    """Counts the lines that are written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = threading.Semaphore(0)

    def write(self, text: str) -> int:
        for _ in range(text.count("\n")):
            self.lines.release()
        return super().write(text)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_batch_in_words() -> None:
    counts = BatchCounts(found=40, ran=50, failed=3, equal=5, refused=5, left=100)
    assert progress_text(counts, 300, 20) == (
        "100 of 200 done, 2.5 a second, 3 failed, 5 refused, 40 known before, 40s left"
    )
    assert progress_text(BatchCounts(ran=50), 0, 20) == "50 done, 2.5 a second, 0 failed"
    assert progress_text(BatchCounts(), 10, 0) == "0 of 10 done, 0 failed"
    assert progress_text(BatchCounts(ran=1), 156, 1).endswith("1.0 a second, 0 failed, 2m35s left")
    assert progress_text(BatchCounts(ran=1), 7501, 1).endswith(", 2h05m left")


def test_the_bar_fills_with_what_is_done() -> None:
    assert bar(BatchCounts(ran=5, found=5, left=20), 40) == "[##########----------] "
    assert bar(BatchCounts(ran=5), 0) == bar(BatchCounts(left=3), 3) == ""


@pytest.mark.parametrize(("text", "lines"), [("", 0), ("{}", 1), ("{}\n", 1), ("{}\n{}", 2)])
def test_lines_are_counted(tmp_path: Path, text: str, lines: int) -> None:
    (tmp_path / "items.jsonl").write_text(text)
    assert lines_in(tmp_path / "items.jsonl") == lines


@pytest.fixture
def items(tmp_path: Path) -> Path:
    file = tmp_path / "items.jsonl"
    file.write_text("{}\n" * 10)
    return file


def test_on_a_terminal_a_bar_goes_with_it_and_leaves_nothing(
    items: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, now = Terminal(), 0.0
    monkeypatch.setattr(sys, "stderr", shown)
    with Progress(items, lambda: now) as progress:
        for ran in range(10):
            progress(BatchCounts(ran=ran), ran)
        now = 5.0
        progress(BatchCounts(ran=5), 5)
    first, second = shown.getvalue().split("\r\x1b[K")[1:3]
    assert first == "[--------------------] 0 of 10 done, 0 failed"
    assert second == "[##########----------] 5 of 10 done, 1.0 a second, 0 failed, 5s left"
    assert shown.getvalue().endswith("\r\x1b[K")


def test_elsewhere_a_line_comes_now_and_then_also_while_nothing_ends(
    items: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = WatchedStream()
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress(items, lambda: 2.0, every=0.001) as progress:
        progress(BatchCounts(ran=4, failed=1), 4)
        while "4 of 10 done" not in stream.getvalue():
            assert stream.lines.acquire(timeout=PATIENCE)
    written = stream.getvalue()
    assert "4 of 10 done, 1 failed\n" in written
    progress(BatchCounts(ran=5), 5)
    assert stream.getvalue() == written


def test_elsewhere_a_short_batch_says_nothing(
    items: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress(items) as progress:
        progress(BatchCounts(ran=1), 1)
    assert capsys.readouterr().err == ""


def test_a_run_shows_which_edges_work_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    working = WorkingEdges()
    for name in ("edge_started", "edge_retried", "edge_finished"):
        event = Event(WHEN, name, "a", "1.0.0", "exec-1", {"edge": "ask\x1b", "type": "llm"})
        for listener in working.listeners:
            listener(event)
    working.end()
    clear = "\r\x1b[K"
    assert terminal.getvalue() == f"{clear}working: ask\\u001b (llm){clear}{clear}"


def test_without_a_terminal_no_edge_is_listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert WorkingEdges().listeners == ()
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert WorkingEdges(shown=False).listeners == ()
