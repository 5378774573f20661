from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.deploy.event_log import broken_link, events_folder, new_events
from registry_tool.deploy.model import StageEvent

EVENT = StageEvent(
    "dep-1", "select", "ok", "2026-01-01T00:00:00.000Z", 0.12345, {"version": "1.0.0"}
)


def chain(length: int) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    last = b""
    for number in range(length):
        (path, last), *_ = new_events("production", "hello", [EVENT], last, number).items()
        files[path] = last
    return files


def test_an_events_file() -> None:
    files = new_events("production", "hello", [EVENT, EVENT], b"", 0)
    first, second = (json.loads(data) for data in files.values())
    assert list(files) == [
        f"{events_folder('production', 'hello')}/0000000{n}.json" for n in (1, 2)
    ]
    assert (first["number"], first["previous"], first["seconds"]) == (1, "", 0.123)
    assert second["previous"]


@given(st.integers(2, 8), st.data())
def test_whatever_is_changed_or_taken_away_shows(length: int, data: st.DataObject) -> None:
    files = chain(length)
    assert broken_link(files) is None
    path = data.draw(st.sampled_from(sorted(files)[:-1]))
    without = {name: content for name, content in files.items() if name != path}
    assert broken_link(without)
    changed = {**files, path: files[path].replace(b"1.0.0", b"6.6.6")}
    assert broken_link(changed)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (b'"workflow": "hello"|"workflow": "other"', "the event is another workflow's"),
        (b'"seconds": 0.123|"seconds": "0.123"', "not a valid event of a deployment (seconds: "),
        (b'"version": "1.0.0"|"version": 1', "not a valid detail of an event (version: "),
        (b'"status": "ok"|"status": "ok", "more": 1', "(more is unknown)"),
    ],
)
def test_a_wrong_event_is_named(change: bytes, reason: str) -> None:
    files = chain(3)
    path = sorted(files)[1]
    files[path] = files[path].replace(*change.split(b"|"))
    found = broken_link(files)
    assert found is not None
    assert (found.location, reason in found.reason) == (path, True), found
