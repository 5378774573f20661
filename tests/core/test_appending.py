"""Logs that are written and cleared by different processes."""

from __future__ import annotations

import threading
from pathlib import Path

from registry_tool.core.appending import is_being_written, open_appending, rewrite_lines


def test_lines_are_taken_out_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "log.jsonl"
    with open_appending(path) as stream:
        stream.write("one\ntwo\nthree\n")
    assert rewrite_lines(path, lambda line: line != b"two\n") == 1
    assert path.read_text() == "one\nthree\n"
    before = path.stat().st_ino
    assert rewrite_lines(path, lambda _: True) == 0
    assert path.stat().st_ino == before
    assert rewrite_lines(path, lambda _: False) == 2
    assert not path.exists()


def test_while_somebody_writes_nothing_is_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with open_appending(path) as stream:
        stream.write("one\n")
        stream.flush()
        assert rewrite_lines(path, lambda _: False) is None
        with open_appending(path) as other:  # writers don't keep each other out
            other.write("two\n")
    assert path.read_text() == "one\ntwo\n"
    assert rewrite_lines(path, lambda _: False) == 2


def test_a_writer_that_waited_for_a_rewrite_writes_to_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("old\nkeep\n")
    entered = threading.Event()
    writer = threading.Thread(target=lambda: _append(path, entered))

    def keep(line: bytes) -> bool:
        if line == b"old\n":
            writer.start()
            entered.wait(5)
        return line != b"old\n"

    assert rewrite_lines(path, keep) == 1
    writer.join()
    assert path.read_text() == "keep\nnew\n"


def _append(path: Path, entered: threading.Event) -> None:
    entered.set()
    with open_appending(path) as stream:
        stream.write("new\n")


def test_whoever_has_a_file_open_is_known(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    assert not is_being_written(path)
    with open_appending(path):
        assert is_being_written(path)
    assert not is_being_written(path)
