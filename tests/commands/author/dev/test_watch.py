"""The real watcher on a real folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry_tool.commands.author.dev.watch import saves


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_a_burst_is_reported_once_and_what_is_no_part_not_at_all(folder: Path) -> None:
    stop = threading.Event()
    bursts: Iterator[tuple[str, ...]] = saves(folder, stop)
    threading.Thread(target=_write_until, args=(folder, stop), daemon=True).start()
    first = next(bursts)
    stop.set()
    assert set(first) <= {"a.yaml", "b.yaml"}
    assert list(bursts) == []


def _write_until(folder: Path, stop: threading.Event) -> None:
    """Save again and again: nobody knows when the watcher has begun."""
    while not stop.wait(0.01):
        (folder / ".git/index").write_text("x")
        (folder / ".a.yaml.swp").write_text("x")
        (folder / "a.yaml~").write_text("x")
        for name in ("a.yaml", "b.yaml"):
            (folder / name).write_text("x")
