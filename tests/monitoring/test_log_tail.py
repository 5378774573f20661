from __future__ import annotations

from pathlib import Path

from registry_tool.monitoring.log_tail import LogTail


def test_each_whole_line_is_given_once(tmp_path: Path) -> None:
    path, tail = tmp_path / "log.jsonl", LogTail()
    assert list(tail.new(path)) == []
    path.write_text('{"n": 1}\n{"n": 2}\n{"n"')
    assert list(tail.new(path)) == [{"n": 1}, {"n": 2}]
    with path.open("a") as file:
        file.write(': 3}\n{"cut of\n7\n{"n": 4}\n')
    assert list(tail.new(path)) == [{"n": 3}, {"n": 4}]
    assert list(tail.new(path)) == []


def test_a_file_that_was_begun_anew_is_read_from_its_start(tmp_path: Path) -> None:
    path, tail = tmp_path / "log.jsonl", LogTail()
    path.write_text('{"n": 1}\n{"n": 2}\n')
    list(tail.new(path))
    path.write_text('{"n": 3}\n')
    assert list(tail.new(path)) == [{"n": 3}]
