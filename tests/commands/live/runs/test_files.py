"""What a run leaves."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry_tool.commands.live.runs.files import RunFiles, StoredLiveRun, sweep
from registry_tool.core.errors import NotFoundError
from registry_tool.security.encrypt import PayloadError
from registry_tool.security.keys import EnvironmentKey, KeyRing

NOW = datetime.fromtimestamp(2**31, UTC)
RING = KeyRing("live", (EnvironmentKey("live", 1, bytes(range(32))),))
OTHER = KeyRing("live", (EnvironmentKey("live", 1, bytes(range(1, 33))),))
RUN = StoredLiveRun(
    execution_id="exec-1", workflow="hello", version="1.0.0", environment="live", actor="a",
    encrypted=False, keep=60.0,
)  # fmt: skip


def test_it_goes_is_over_and_is_forgotten(tmp_path: Path) -> None:
    files = RunFiles(tmp_path / "runs" / "exec-1")
    stream = files.begin(RUN)
    assert files.status() == "queued"
    print("{}", file=stream, flush=True)
    print("half", file=stream, end="", flush=True)
    assert (files.status(), files.run()) == ("running", RUN)
    assert files.lines(0) == [b"{}\n"]
    with pytest.raises(NotFoundError):
        files.document(RING)
    files.end(RING, {"status": "success", "outputs": {"text": "\ud83d"}}, NOW)
    assert files.status() == "success"
    assert files.document(RING)["outputs"] == {"text": "\ud83d"}
    with pytest.raises(PayloadError):
        files.document(OTHER)
    stream.close()
    assert sweep(tmp_path / "runs", NOW - timedelta(seconds=1)) == 0
    assert sweep(tmp_path / "runs", NOW) == 1
    with pytest.raises(NotFoundError):
        files.run()


def test_one_that_goes_on_stays_and_one_that_was_lost_goes_after_a_while(tmp_path: Path) -> None:
    files = RunFiles(tmp_path / "exec-1")
    stream = files.begin(RUN)
    assert sweep(tmp_path, NOW) == 0
    stream.close()
    assert files.status() == "lost"
    os.utime(files.folder / "run.json", (NOW.timestamp(), NOW.timestamp()))
    assert sweep(tmp_path, NOW + timedelta(seconds=59)) == 0
    assert sweep(tmp_path, NOW + timedelta(seconds=60)) == 1


def test_nothing_is_swept_where_nothing_ran(tmp_path: Path) -> None:
    assert sweep(tmp_path / "runs", NOW) == 0
    (tmp_path / "exec-2").mkdir()
    os.utime(tmp_path / "exec-2", (0, 0))
    assert sweep(tmp_path, NOW) == 1


def test_a_mark_asks_for_its_end(tmp_path: Path) -> None:
    files = RunFiles(tmp_path / "exec-1")
    with files.begin(RUN):
        assert not files.is_to_be_cancelled
        files.ask_to_cancel()
        assert files.is_to_be_cancelled
    assert (files.folder.stat().st_mode & 0o777) == 0o700
