"""Lines of runs on this machine: which go, and what stays."""

from __future__ import annotations

import json
from pathlib import Path

from registry_tool.state.runs.local_logs import clear, environments, of_runs
from registry_tool.state.runs.logs import logs_folder
from tests.commands.privacy_places import LocationStandIn, make_place


def logged(location: LocationStandIn, environment: str, *names: str, end: str = "") -> Path:
    path = logs_folder(location.root) / environment / "hello.jsonl"
    path.parent.mkdir(parents=True)
    lines = [json.dumps({"workflow": {"execution_id": name}}) + "\n" for name in names]
    path.write_text("".join(lines) + end)
    return path


def test_lines_of_the_runs_and_of_those_they_called_go(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    names = ("exec-1", "exec-1.callee", "exec-12", "exec-2")
    path = logged(location, "production", *names)
    other = logged(location, "staging", "exec-1")
    assert environments(location) == ["production", "staging"]
    before = path.read_bytes()
    planned = clear(location, "production", of_runs(["exec-1"]), dry_run=True)
    assert (planned.lines, path.read_bytes()) == (2, before)
    done = clear(location, "production", of_runs(["exec-1"]))
    assert (done.lines, done.busy) == (2, ())
    left = [json.loads(line)["workflow"]["execution_id"] for line in path.read_text().splitlines()]
    assert left == ["exec-12", "exec-2"]
    assert other.read_text()
    assert clear(location, "", of_runs(["exec-1"])).lines == 1


def test_a_line_that_is_being_written_stays(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    path = logged(location, "production", "exec-1", end='{"workflow": {"execution_id": "exec-1')
    assert clear(location, "production", of_runs(["exec-1"])).lines == 1
    assert path.read_text() == '{"workflow": {"execution_id": "exec-1'


def test_where_nothing_was_logged_nothing_goes(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    assert environments(location) == []
    assert clear(location, "", of_runs(["exec-1"])).lines == 0


def test_an_entry_of_no_run_is_nobodys() -> None:
    goes = of_runs(["exec-1"])
    assert not goes({})
    assert not goes({"workflow": "exec-1"})
