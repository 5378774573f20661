"""Waiting for a run of another process, which tells nobody here."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry_tool.commands.live.runs.files import RunFiles, StoredLiveRun
from registry_tool.commands.live.runs.found_run import FoundRun
from registry_tool.security.keys import EnvironmentKey, KeyRing
from registry_tool.server import watching
from registry_tool.server.watching import events, until_ended

RING = KeyRing("live", (EnvironmentKey("live", 1, bytes(range(32))),))
RUN = StoredLiveRun(
    execution_id="exec-1", workflow="hello", version="1.0.0", environment="live", actor="a",
    encrypted=False, keep=60.0,
)  # fmt: skip


def line(event: str) -> str:
    return json.dumps({"event": event, "workflow": {"execution_id": "exec-1"}}) + "\n"


def test_lines_are_reported_as_they_come_and_silence_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "SILENCE", 0.0)
    monkeypatch.setattr(watching, "LOOK", 0.0)
    found = FoundRun(RunFiles(tmp_path / "exec-1"), RUN, RING, own=True)
    stream = found.files.begin(RUN)

    async def look() -> list[bytes]:
        listed: list[bytes] = []
        async for part in events(found, 0):
            listed.append(part)
            if part.startswith(b":") and len(listed) < 3:
                print(line("edge_started"), file=stream, end="", flush=True)
            elif b"edge_started" in part:
                print(line("execution_finished"), file=stream, end="", flush=True)
        return listed

    listed = [part for part in asyncio.run(look()) if not part.startswith(b":")]
    assert [part.split(b"\n")[:2] for part in listed] == [
        [b"id: 1", b"event: edge_started"],
        [b"id: 2", b"event: execution_finished"],
    ]
    assert not asyncio.run(until_ended(found, 0.0))
    found.files.end(RING, {"status": "success"}, datetime(2026, 1, 1, tzinfo=UTC))
    assert asyncio.run(until_ended(found, 0.0))
    stream.close()


def test_the_stream_of_a_run_that_was_lost_ends(tmp_path: Path) -> None:
    found = FoundRun(RunFiles(tmp_path / "exec-1"), RUN, RING, own=True)
    with found.files.begin(RUN) as stream:
        stream.write(line("edge_started"))

    async def look() -> list[bytes]:
        return [part async for part in events(found, 0)]

    assert len(asyncio.run(look())) == 1
    assert asyncio.run(until_ended(found, 0.0))
