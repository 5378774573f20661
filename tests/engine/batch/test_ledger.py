"""A ledger holds what was written to it, whatever happened meanwhile; the roll and the results read it back."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
from itertools import count, islice
from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.engine.batch.ledger import Ledger, segments_of
from tests.engine.batch.ledgers import filled, held, key


def test_what_is_appended_is_read_back_at_once_and_later(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l")
    location = ledger.append(key(1), {"status": "success", "outputs": {"t": "ä\n\ud800"}})
    assert json.loads(ledger.read(location))["outputs"] == {"t": "ä\n\ud800"}
    ledger.close()
    again = Ledger(tmp_path / "l")
    (found,) = again.locations()
    assert json.loads(again.read(found)) == json.loads(again.read(location))
    assert found == location
    again.close()


def test_nothing_is_written_where_nothing_ran(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l")
    assert list(ledger.locations()) == []
    ledger.close()
    assert not (tmp_path / "l").exists()


def test_a_segment_cut_anywhere_holds_all_lines_before_the_cut(tmp_path: Path) -> None:
    folder = filled(tmp_path / "l", 1, 2, 3)
    (segment,) = segments_of(folder)
    whole = segment.read_bytes()
    head, first, *_ = whole.splitlines(keepends=True)
    for cut in range(len(whole)):
        segment.write_bytes(whole[:cut])
        expected = max(0, (cut - len(head)) // len(first))
        assert len(held(folder)) == expected
    filled(folder, 4)  # goes on after the cut, in a segment of its own
    assert set(held(folder)) == {key(1), key(2), key(4)}


def test_a_damaged_line_counts_as_none(tmp_path: Path) -> None:
    folder = filled(tmp_path / "l", 1, 2, 3)
    (segment,) = segments_of(folder)
    lines = segment.read_bytes().splitlines(keepends=True)
    for damage in (b"\0" * 20 + b"\n", b"[]\n", b'{"key": "short", "status": "success"}\n', b"1\n"):
        segment.write_bytes(b"".join([lines[0], lines[1], damage, lines[3]]))
        ledger = Ledger(folder)
        assert [location.key for location in ledger.locations()] == [key(1), key(3)]
        assert ledger.damaged == 1


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "segment-1.jsonl").write_text('{"text": "an item"}\n')
    with pytest.raises(RegistryError, match="not a segment of a ledger"):
        list(Ledger(tmp_path).locations())


def test_a_full_disk_says_so_and_keeps_what_was_there(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    ledger = Ledger(tmp_path / "l")
    ledger.append(key(1), {"status": "success"})
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, ledger._own)
    os.close(full)
    with pytest.raises(RegistryError, match="can't be written: No space left"):
        ledger.append(key(2), {"status": "success"})
    assert set(held(tmp_path / "l")) == {key(1)}
    os.close(ledger._own)


def _write(folder: str, start: int) -> None:
    filled(Path(folder), *range(start, start + 500))


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_write, args=(str(tmp_path), n * 500)) for n in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    ledger = Ledger(tmp_path)
    assert len({location.key for location in ledger.locations()}) == 1500
    assert ledger.damaged == 0


def test_many_segments_need_few_open_files(tmp_path: Path) -> None:
    for number in range(150):
        filled(tmp_path, number)
    ledger = Ledger(tmp_path)
    locations = list(ledger.locations())
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = {int(path.name) for path in Path("/dev/fd").iterdir()}  # by what other tests share, too
    eighty_are_free = next(islice((n for n in count() if n not in taken), 80, None))
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(eighty_are_free, hard), hard))
    try:
        read = [json.loads(ledger.read(location))["outputs"]["n"] for location in locations]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        ledger.close()
    assert sorted(read) == list(range(150))
