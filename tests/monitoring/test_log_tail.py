from __future__ import annotations

import json
import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

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


@settings(deadline=None)
@given(st.lists(st.text(max_size=20), max_size=8), st.lists(st.integers(0, 200), max_size=8))
def test_however_a_log_grows_its_lines_are_given_once_and_in_order(
    texts: list[str], cuts: list[int]
) -> None:
    data = "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()
    locations = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    with tempfile.TemporaryDirectory() as folder:
        path, tail, found = Path(folder) / "log.jsonl", LogTail(), list[object]()
        for start, end in pairwise(locations):
            with path.open("ab") as file:
                file.write(data[start:end])
            found += [entry["text"] for entry in tail.new(path)]
    assert found == texts
