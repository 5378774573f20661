"""A ledger holds what was written to it, whatever happened meanwhile; the roll and the results read it back."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
from pathlib import Path

import pytest

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.engine.batch.ledger import Ledger, ResultLocation, segments_of
from registry_tool.engine.batch.merge import merge
from registry_tool.engine.batch.results import write_results
from registry_tool.engine.batch.roll import BatchIndex


def key(number: int) -> str:
    return f"{number:064x}"


def filled(folder: Path, *numbers: int, status: str = "success") -> Path:
    ledger = Ledger(folder)
    for number in numbers:
        ledger.append(key(number), {"status": status, "outputs": {"n": number}})
    ledger.close()
    return folder


def held(folder: Path) -> dict[str, bool]:
    return {location.key: location.failed for location in Ledger(folder).locations()}


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
    with pytest.raises(RegistryError, match="no segment of a ledger"):
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
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(128, hard), hard))
    try:
        read = [json.loads(ledger.read(location))["outputs"]["n"] for location in locations]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        ledger.close()
    assert sorted(read) == list(range(150))


def test_ledgers_merge_in_any_order_and_again(tmp_path: Path) -> None:
    one, two = filled(tmp_path / "1", 1, 2), filled(tmp_path / "2", 2, 3)
    assert merge([one, two], tmp_path / "a") == 2
    assert merge([two], tmp_path / "b") == 1
    assert merge([one, two], tmp_path / "b") == 2
    assert held(tmp_path / "a") == held(tmp_path / "b") == dict.fromkeys(map(key, (1, 2, 3)), False)
    names = [[path.name for path in segments_of(tmp_path / name)] for name in "ab"]
    assert names[0] == names[1]


def test_a_segment_that_has_grown_since_takes_the_place_of_its_beginning(tmp_path: Path) -> None:
    ledger = filled(tmp_path / "l", 1, 2)
    (segment,) = segments_of(ledger)
    copy = tmp_path / "all" / segment.name
    copy.parent.mkdir()
    copy.write_bytes(segment.read_bytes()[:-20])
    merge([ledger], tmp_path / "all")
    assert copy.read_bytes() == segment.read_bytes()
    segment.write_bytes(segment.read_bytes()[:-20])
    merge([ledger], tmp_path / "all")
    assert len(held(tmp_path / "all")) == 2
    segment.write_bytes(segment.read_bytes().replace(b"success", b"sucCess"))
    with pytest.raises(RegistryError, match="which has its name"):
        merge([ledger], tmp_path / "all")


def test_what_is_no_ledger_is_not_merged(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "nowhere"):
        with pytest.raises(NotFoundError, match="there is no ledger"):
            merge([tmp_path / name], tmp_path / "all")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/segment-x.jsonl").write_text("{}\n")
    with pytest.raises(RegistryError, match="no segment of a ledger"):
        merge([tmp_path / "other"], tmp_path / "all")
    assert not (tmp_path / "all").exists()


def location(number: int, *, failed: bool, start: int) -> ResultLocation:
    return ResultLocation(key(number), failed, 0, start, 1)


def test_a_success_stays_and_of_failures_the_later_counts() -> None:
    roll = BatchIndex()
    roll.load(
        [
            location(1, failed=False, start=1),
            location(1, failed=True, start=2),
            location(2, failed=True, start=3),
            location(2, failed=True, start=4),
            location(3, failed=True, start=5),
            location(3, failed=False, start=6),
        ],
        retry_failed=False,
    )
    for line in (1, 2, 3):
        roll.enter(line, key(line), "")
    found = [
        (entry.location.failed, entry.location.start) for entry in roll.entries() if entry.location
    ]
    assert found == [(False, 1), (True, 4), (False, 6)]
    roll.close()


def test_a_failure_that_is_to_be_tried_again_is_not_known_until_it_was() -> None:
    roll = BatchIndex()
    roll.load(
        [location(1, failed=True, start=1), location(2, failed=False, start=2)], retry_failed=True
    )
    assert [roll.has(key(1)), roll.has(key(2))] == [False, True]
    roll.keep(location(1, failed=True, start=9))
    assert roll.has(key(1))
    roll.enter(1, key(1), "")
    (entry,) = roll.entries()
    assert entry.location is not None and entry.location.start == 9
    roll.close()


def test_results_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    ledger = Ledger(filled(tmp_path / "l", 1))
    roll = BatchIndex()
    roll.load(ledger.locations(), retry_failed=False)
    roll.enter(2, key(1), "a")
    roll.enter(3, key(2), "", "not JSON")
    roll.enter(5, key(9), "")
    output = tmp_path / "deep/er/out.jsonl"
    tally = write_results(output, roll.entries(), ledger)
    assert [json.loads(line) for line in output.read_text().splitlines()] == [
        {"line": 2, "id": "a", "key": key(1), "status": "success", "outputs": {"n": 1}},
        {"line": 3, "status": "refused", "error": "not JSON"},
        {"line": 5, "key": key(9), "status": "missing"},
    ]
    assert (tally.succeeded, tally.failed, tally.refused, tally.missing) == (1, 0, 1, 1)
    before = output.read_bytes()

    def breaks():  # type: ignore[no-untyped-def]
        yield next(roll.entries())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_results(output, breaks(), ledger)
    assert output.read_bytes() == before
    assert [path.name for path in output.parent.iterdir()] == ["out.jsonl"]
    with pytest.raises(RegistryError, match="can't be written"):
        write_results(tmp_path / "l", roll.entries(), ledger)
    ledger.close()
    roll.close()
