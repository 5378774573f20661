from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.runs import list_runs
from registry_tool.commands.run.scheduled import TickOutcome, scheduled
from registry_tool.state.runs.records import read_records
from registry_tool.state.target import Target
from tests.commands.conftest import MovingClock

EVE = Requester(22, "eve")


def schedule(target: Target, *lines: str) -> None:
    settings = target.root / "registry/registry.yaml"
    settings.write_text(
        settings.read_text() + "schedules:\n" + "".join(f"  - {x}\n" for x in lines)
    )


def hourly(name: str = "hourly", **more: str) -> str:
    words = {
        "name": name,
        "cron": '"0 * * * *"',
        "environment": "production",
        "workflow": "hello",
        "inputs": "{ who: Ada }",
        **more,
    }
    return "{ " + ", ".join(f"{key}: {value}" for key, value in words.items()) + " }"


def run(target: Target, who: Requester = EVE, folder: Path | None = None) -> list[TickOutcome]:
    return list(scheduled(target, "production", who, folder=folder))


def test_each_time_runs_once_and_missed_ones_are_said(
    served: Target, clock: MovingClock, tmp_path: Path
) -> None:
    schedule(served, hourly())
    assert [one.status for one in run(served)] == ["begins"]
    assert [one.status for one in run(served)] == ["not-due"]
    clock.move(hours=1)
    (one,) = run(served, folder=tmp_path)
    assert (one.status, one.missed) == ("success", 0)
    assert one.execution_id == "sched-hourly-20261125T1300Z"
    result = json.loads((tmp_path / one.execution_id / "result.json").read_text())
    assert result["outputs"] == {"greeting": "Hello, Ada!"}
    assert [one.status for one in run(served)] == ["not-due"]
    clock.move(hours=5)
    (one,) = run(served)
    assert one.missed == 4
    assert "4 times before it were missed and are not made up for" in one.sentence()
    assert len(list_runs(served)) == 2


def test_a_record_from_the_future_holds_nothing_back(served: Target, clock: MovingClock) -> None:
    schedule(served, hourly())
    run(served)
    clock.move(days=2)  # one machine's clock is two days ahead
    assert run(served)[0].status == "success"
    clock.move(days=-2)
    clock.move(hours=1)
    (one,) = run(served)
    assert (one.status, one.tick) == ("success", "2026-11-25T13:00:00.000Z")
    assert "some machine's clock was ahead" in one.sentence()
    assert [one.status for one in run(served)] == ["not-due"]
    clock.move(hours=1)
    (one,) = run(served)
    assert (one.status, one.missed, one.reason) == ("success", 0, "")
    assert len(list_runs(served)) == 3


def test_a_time_that_was_dealt_with_is_not_run_again_for_a_record_from_the_future(
    served: Target, clock: MovingClock
) -> None:
    schedule(served, hourly())
    run(served)
    clock.move(hours=1)
    assert run(served)[0].status == "success"
    clock.move(days=2)
    assert run(served)[0].status == "success"
    clock.move(days=-2)
    assert run(served)[0].status == "began-elsewhere"
    assert [one.status for one in run(served)] == ["not-due"]
    assert len(list_runs(served)) == 2


def test_clocks_a_little_apart_change_no_record(served: Target, clock: MovingClock) -> None:
    schedule(served, hourly())
    run(served)
    clock.move(hours=1)
    assert run(served)[0].status == "success"
    clock.move(minutes=-10)
    assert (run(served)[0].status, run(served)[0].reason) == ("not-due", "")


def test_only_enabled_schedules_of_the_environment_run(served: Target, clock: MovingClock) -> None:
    schedule(
        served,
        hourly("one"),
        hourly("two", enabled="false"),
        hourly("three", environment="development"),
    )
    run(served)
    clock.move(hours=1)
    assert [one.schedule for one in run(served)] == ["one"]


def test_inputs_may_stand_in_a_file_of_the_registry(served: Target, clock: MovingClock) -> None:
    (served.root / "registry/nightly.json").write_text('{"who": "Bob"}')
    line = hourly().replace("inputs: { who: Ada }", "inputs_file: registry/nightly.json")
    schedule(served, line)
    run(served)
    clock.move(hours=1)
    assert run(served)[0].status == "success"
    (served.root / "registry/nightly.json").write_text("[]")
    clock.move(hours=1)
    (one,) = run(served)
    assert one.status == "refused"
    assert "one JSON object" in one.reason


def test_one_that_is_refused_does_not_stop_the_others(served: Target, clock: MovingClock) -> None:
    schedule(served, hourly("bad", inputs="{ whom: x }"), hourly("good"))
    run(served)
    clock.move(hours=1)
    bad, good = run(served)
    assert (bad.status, good.status) == ("refused", "success")
    assert "no input 'whom'" in bad.reason
    assert not bad.is_fine
    assert [one.status for one in run(served)] == ["not-due", "not-due"]


def test_a_schedule_counts_against_the_plan_of_who_asked(
    served: Target, clock: MovingClock
) -> None:
    schedule(served, hourly())
    run(served)
    messages = []
    for _ in range(4):
        clock.move(hours=1)
        messages += run(served, Requester(8, "bob"))
    assert [one.status for one in messages] == ["success"] * 3 + ["refused"]
    assert "no run is left of the plan free" in messages[-1].reason


def test_four_schedulers_at_once_run_it_once(
    clones: Callable[[int], list[Target]], served: Target, clock: MovingClock
) -> None:
    targets = clones(4)
    for target in targets:
        schedule(target, hourly())
    run(targets[0])
    clock.move(hours=1)
    dealt: list[TickOutcome] = []
    threads = [threading.Thread(target=lambda t=t: dealt.extend(run(t))) for t in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(one.status for one in dealt)
    assert len(statuses) == 4
    assert statuses.count("success") == 1
    assert set(statuses) <= {"success", "began-elsewhere", "not-due"}
    assert [r.kind for r in read_records(targets[0], every=True)] == ["started", "finished"]


KILLED = """
import os, signal
from datetime import datetime
from pathlib import Path
from registry_tool.commands.run import scheduled as module
from registry_tool.state.target import Target
from registry_tool.commands.run.actor import Requester
from registry_tool.core.clock import FixedClock
real = module.{name}
def die(*a, **k):
    {before}
    os.kill(os.getpid(), signal.SIGKILL)
module.{name} = die
now = datetime.fromisoformat("2026-11-25T13:00+00:00")
list(module.scheduled(Target(Path("."), clock=FixedClock(now)), "production", Requester(22), now))
"""


@pytest.mark.parametrize(
    ("name", "before", "then", "runs"),
    [
        ("admit", "pass", "success", ["success"]),
        ("admit", "real(*a, **k)", "began-elsewhere", ["lost"]),
        ("run_and_record", "real(*a, **k)", "began-elsewhere", ["success"]),
        ("_note", "pass", "began-elsewhere", ["success"]),
    ],
)
def test_killed_anywhere_a_time_is_not_run_twice(
    served: Target, clock: MovingClock, name: str, before: str, then: str, runs: list[str]
) -> None:
    schedule(served, hourly())
    run(served)
    program = KILLED.format(name=name, before=before)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=served.root, check=False, capture_output=True
    )
    assert done.returncode == -9, done.stderr.decode()
    clock.move(hours=1, minutes=5)
    assert [one.status for one in run(served)] == [then]
    assert [one.status for one in run(served)] == ["not-due"]
    clock.move(days=1)
    assert [found.status for found in list_runs(served)] == runs


def test_a_missed_time_of_last_month_is_known_in_this_one(
    served: Target, clock: MovingClock
) -> None:
    schedule(served, hourly(cron='"59 23 30 * *"'))
    clock.time = clock.time.replace(day=30, hour=23, minute=0)
    run(served)
    clock.move(minutes=59)
    from registry_tool.commands.requests.request import ExecuteRequest
    from registry_tool.commands.run.admit import admit

    asked = ExecuteRequest("hello", {"who": "Ada"})
    admit(served, "production", asked, EVE, execution_id="sched-hourly-20261130T2359Z")
    clock.time += timedelta(minutes=30)
    assert [one.status for one in run(served)] == ["began-elsewhere"]
