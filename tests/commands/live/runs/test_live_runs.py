"""Runs of a live registry: who begins them, who finds them again, and how they end."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

from registry_tool.commands.live.live_registry import LiveRegistry
from registry_tool.commands.live.runs import live_run
from registry_tool.commands.live.runs.found_run import (
    FoundRun,
    NoRunsError,
    RunBeganElsewhereError,
    WantedRun,
)
from registry_tool.commands.live.runs.live_runs import LiveRuns
from registry_tool.commands.run.access import AccessError
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.candidate_run import ServedNoLongerError
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.monitoring.quota import QuotaError
from registry_tool.monitoring.runs import runs_of
from registry_tool.state.runs.records import read_records
from registry_tool.state.target import Target
from tests.bounded import PATIENCE
from tests.commands.conftest import SETTINGS, MovingClock, add_version
from tests.commands.live.runs.committing import commit
from tests.commands.live.runs.conftest import MakeRuns

BOB, EVE, MIA = Requester(8, "bob"), Requester(22, "eve"), Requester(21, "mia")
HELLO = WantedRun("hello", {"who": "Ada"})


def ended(found: FoundRun) -> FoundRun:
    assert found.running is not None
    found.running.join(PATIENCE)
    return found


def recorded(target: Target, clock: MovingClock) -> list[tuple[str, str, str]]:
    found = runs_of(read_records(target), clock.now())
    return [(run.start.environment, run.start.version, run.status) for run in found]


def test_a_run_is_admitted_told_and_recorded(
    make_runs: MakeRuns, served: Target, clock: MovingClock
) -> None:
    runs = make_runs()
    found = ended(runs.begin(WantedRun("hello", {"who": "Ada"}, environment="production"), BOB))
    document = runs.find(found.id, BOB).document()
    assert document["outputs"] == {"greeting": "Hello, Ada!"}
    assert document["status"] == found.status == "success"
    lines = [json.loads(line) for line in found.files.lines(0)]
    assert lines[0]["metadata"]["inputs"] == {"who": "[REDACTED]"}
    assert lines[-1]["event"] == "execution_finished"
    assert recorded(served, clock) == [("production", "1.0.0", "success")]
    stored = (found.files.folder / "result.json").read_text()
    assert "Ada" not in stored


def test_without_an_environment_any_version_runs_and_is_recorded_as_live(
    make_runs: MakeRuns, served: Target, clock: MovingClock
) -> None:
    add_version(served, "1.1.0")
    commit(served)
    runs = make_runs()
    for version in ("", "^1.0", "1.0.0"):
        assert ended(runs.begin(WantedRun("hello", {"who": "x"}, version), EVE)).status == "success"
    assert recorded(served, clock) == [
        ("live", version, "success") for version in ("1.1.0", "1.1.0", "1.0.0")
    ]
    with pytest.raises(NotFoundError, match="no version of hello is \\^2"):
        runs.begin(WantedRun("hello", {}, "^2"), EVE)
    with pytest.raises(NotFoundError, match=r"serves hello 1\.0\.0, not 1\.1\.0"):
        runs.begin(WantedRun("hello", {}, "1.1.0", "production"), EVE)
    with pytest.raises(NotFoundError, match="no workflow 'helo'"):
        runs.begin(WantedRun("helo", {}, environment="production"), EVE)


def test_the_servers_own_environment_is_the_usual_one(
    make_runs: MakeRuns, served: Target, clock: MovingClock
) -> None:
    ended(make_runs(environment="development").begin(HELLO, BOB))
    assert recorded(served, clock) == [("development", "1.0.0", "success")]


def test_the_same_key_is_the_same_run_and_of_another_person_another(make_runs: MakeRuns) -> None:
    runs, wanted = make_runs(), WantedRun("hello", {"who": "Ada"}, key="k-1")
    first = ended(runs.begin(wanted, EVE))
    again = runs.begin(wanted, EVE)
    assert (again.id, again.status, again.is_new) == (first.id, "success", False)
    assert ended(runs.begin(wanted, MIA)).id != first.id
    with pytest.raises(UsageError, match="is the id of another run"):
        runs.begin(WantedRun("hello", {"who": "Bob"}, key="k-1"), EVE)
    first.files.remove()
    with pytest.raises(RunBeganElsewhereError):
        runs.begin(wanted, EVE)


def test_the_same_key_is_the_same_run_though_a_newer_version_is_published_since(
    make_runs: MakeRuns, served: Target
) -> None:
    runs, wanted = make_runs(), WantedRun("hello", {"who": "Ada"}, "^1", key="k-1")
    first = ended(runs.begin(wanted, EVE))
    add_version(served, "1.1.0")
    commit(served)
    later = make_runs()  # which sees the new version at once
    assert later.begin(wanted, EVE).id == first.id
    first.files.remove()
    with pytest.raises(ServedNoLongerError):
        later.begin(wanted, EVE)


def test_what_may_not_run_is_refused_before_anything_is_kept(
    make_runs: MakeRuns, served: Target
) -> None:
    runs = make_runs()
    with pytest.raises(AccessError):
        runs.begin(HELLO, Requester())
    with pytest.raises(UsageError, match="'whom'"):
        runs.begin(WantedRun("hello", {"whom": "Ada"}), BOB)
    for _ in range(3):  # his plan has three a month
        ended(runs.begin(HELLO, BOB))
    with pytest.raises(QuotaError):
        runs.begin(HELLO, BOB)
    assert len(list((served.root / ".git/registry-tool/live-runs").iterdir())) == 3
    assert not runs._places.held


def test_only_who_began_it_and_maintainers_see_a_run(make_runs: MakeRuns, served: Target) -> None:
    settings = served.root / "registry/registry.yaml"
    settings.write_text(SETTINGS + "    - { login: max, id: 30, role: maintainer }\n")
    commit(served)
    runs = make_runs()
    found = ended(runs.begin(HELLO, BOB))
    assert runs.find(found.id, Requester(30, "max")).document()["status"] == "success"
    for who in (EVE, Requester()):
        with pytest.raises(NotFoundError):
            runs.find(found.id, who)
    for id in ("exec-000000000000", "../../config", "exec-", "exec-\0"):
        with pytest.raises(NotFoundError):
            runs.find(id, BOB)


def test_encrypted_data_is_for_who_began_the_run(make_runs: MakeRuns, served: Target) -> None:
    privacy = "{ encryption: aes-256, data_retention: 30h }"
    add_version(served, "1.1.0", f"\nsecurity: {{ data_privacy: {privacy} }}\n")
    settings = served.root / "registry/registry.yaml"
    settings.write_text(SETTINGS + "    - { login: max, id: 30, role: maintainer }\n")
    commit(served)
    runs = make_runs()
    found = ended(runs.begin(HELLO, BOB))
    assert runs.find(found.id, BOB).document()["outputs"] == {"greeting": "Hello, Ada!"}
    assert "outputs" not in runs.find(found.id, Requester(30, "max")).document()
    assert b"Ada" not in b"".join(found.files.lines(0))


@pytest.mark.usefixtures("endless")
def test_a_cancelled_run_ends_and_is_recorded(
    make_runs: MakeRuns, served: Target, clock: MovingClock
) -> None:
    runs, other = make_runs(most=1), make_runs()
    going, waiting = runs.begin(HELLO, EVE), runs.begin(HELLO, EVE)
    assert waiting.status == "queued"
    assert other.find(going.id, EVE).running is None  # another worker knows it by its files
    for found in (going, waiting):
        other.cancel(other.find(found.id, EVE))
        ended(found)
        assert found.document() == {
            "execution_id": found.id, "status": "cancelled", "error": "the run was cancelled",
        }  # fmt: skip
        last = json.loads(found.files.lines(0)[-1])
        assert (last["event"], last["metadata"]["status"]) == ("execution_failed", "cancelled")
        runs.cancel(found)
    assert {status for *_, status in recorded(served, clock)} == {"error"}


@pytest.mark.usefixtures("endless")
def test_a_server_that_ends_cancels_what_does_not_end_by_itself(make_runs: MakeRuns) -> None:
    runs = make_runs()
    found = runs.begin(HELLO, EVE)
    runs.close(0)
    assert ended(found).status == "cancelled"
    with pytest.raises(NoRunsError, match="ending"):
        runs.begin(HELLO, EVE)


def test_what_can_not_be_stopped_ends_with_its_server_all_the_same(
    make_runs: MakeRuns, served: Target, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on, begun = threading.Event(), threading.Event()

    async def run(*_: object) -> None:
        begun.set()
        await asyncio.to_thread(going_on.wait)
        raise asyncio.CancelledError

    monkeypatch.setattr(live_run, "run_in_loop", run)
    runs = make_runs()
    found = runs.begin(HELLO, EVE)
    assert begun.wait(PATIENCE)
    runs.close(0)
    assert found.document()["status"] == "cancelled"
    assert recorded(served, clock) == [("live", "1.0.0", "error")]
    going_on.set()
    assert ended(found).document()["status"] == "cancelled"
    assert not runs._places.held


def test_a_run_whose_server_was_killed_says_so(make_runs: MakeRuns) -> None:
    found = ended(make_runs().begin(HELLO, EVE))
    (found.files.folder / "result.json").unlink()
    assert found.document()["status"] == found.status == "error"
    assert "ended before" in str(found.document()["error"])


def test_results_go_when_their_time_has_come(make_runs: MakeRuns, clock: MovingClock) -> None:
    runs = make_runs(keep=3600.0)
    found = ended(runs.begin(HELLO, EVE))
    assert runs.sweep() == 0
    clock.move(hours=1)
    with pytest.raises(NotFoundError):
        runs.find(found.id, EVE)
    assert runs.sweep() == 1
    assert not found.files.folder.exists()


def test_settings_of_another_branch_count(served: Target) -> None:
    """Owners, teams and roles are those of the commit that is shown, not of what lies in the folder."""
    settings = served.root / "registry/registry.yaml"
    settings.write_text(SETTINGS.replace("role: runner, plan: metered", "role: reader"))
    runs = LiveRuns(LiveRegistry(served.root), served)
    assert ended(runs.begin(HELLO, MIA)).status == "success"


def test_as_many_as_go_at_once_are_all_recorded(
    make_runs: MakeRuns, served: Target, clock: MovingClock
) -> None:
    runs = make_runs()
    found = [runs.begin(HELLO, EVE) for _ in range(6)]
    assert {ended(one).status for one in found} == {"success"}
    assert recorded(served, clock) == [("live", "1.0.0", "success")] * 6
