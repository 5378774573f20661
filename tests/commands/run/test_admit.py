from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admission import Admission
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.execute import execute_request
from registry_tool.commands.run.outcome import RunOutcome, record
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.engine.providers.models.base import Usage
from registry_tool.monitoring.quota import QuotaError
from registry_tool.monitoring.runs import runs_of
from registry_tool.state.runs.records import branch_of, read_records, ring_of
from registry_tool.state.target import Target
from tests.commands.conftest import KEY, MovingClock, add_version
from tests.commands.running import dispatched

HELLO = ExecuteRequest("hello", {"who": "Ada"})
BOB, MIA, EVE = Requester(8, "bob"), Requester(21, "mia"), Requester(22, "eve")


def admitted(target: Target, who: Requester = BOB, name: str = "", **more: object) -> Admission:
    request = replace(HELLO, **more)  # type: ignore[arg-type]
    return admit(target, "production", request, who, execution_id=name)


def started(target: Target) -> list[str]:
    return [r.execution_id for r in read_records(target, "production") if r.kind == "started"]


def test_an_admission_has_all_that_a_run_needs(served: Target) -> None:
    made = admitted(served, MIA, "exec-1", max_tokens=800)
    assert (made.workflow, made.serving.version, made.environment) == (
        "hello",
        "1.0.0",
        "production",
    )
    assert made.ceiling.tokens == 500  # the environment's, less than the request's and the plan's
    assert made.ceiling.cost == 2.5  # the plan's rest
    assert made.timeout == 90.0
    assert made.left.runs == 99
    assert not made.repeated


def test_a_local_run_is_recorded_and_bounded_by_no_plan(served: Target) -> None:
    for _ in range(5):
        made = admit(served, "production", HELLO, Requester())
    assert made.left.runs is None
    assert len(started(served)) == 5


def test_the_last_run_of_a_plan_is_given_once(served: Target) -> None:
    rests = [admitted(served).left.runs for _ in range(3)]
    assert rests == [2, 1, 0]
    with pytest.raises(QuotaError, match="no run is left of the plan free this month"):
        admitted(served)
    assert len(started(served)) == 3
    assert admitted(served, EVE).left.runs is None  # others are not touched


def test_a_new_month_begins_anew_in_utc(served: Target, clock: MovingClock) -> None:
    clock.time = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    for _ in range(3):
        admitted(served)
    with pytest.raises(QuotaError, match="2026-12-01T00:00:00Z"):
        admitted(served)
    clock.move(seconds=1)
    assert admitted(served).month == "2026-12"
    first = read_records(served, "production", since=clock.time)
    assert first[0].number == 1
    assert first[0].previous  # the hash of November's last record
    read_records(served, "production", every=True)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # clocks go forward in Europe
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # and back
        datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),  # one second more than 31 bits hold
        datetime(2028, 2, 29, 23, 59, 59, 999_000, tzinfo=UTC),
    ],
)
def test_any_time_is_only_a_time(served: Target, clock: MovingClock, moment: datetime) -> None:
    clock.time = moment
    made = admitted(served)
    record(served, made, RunOutcome(made.execution_id, "success"), ring_of(served, "production"))
    (run,) = runs_of(read_records(served, "production", every=True), moment)
    assert run.status == "success"


def test_a_run_that_ends_next_month_stands_in_its_own(served: Target, clock: MovingClock) -> None:
    clock.time = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    made = admitted(served)
    clock.move(minutes=2)
    admitted(served, name="exec-december")
    ended = record(
        served, made, RunOutcome(made.execution_id, "success"), ring_of(served, "production")
    )
    assert ended is not None
    assert ended.number == 2
    assert ended.time.startswith("2026-12-01")
    records = read_records(served, "production", every=True)
    assert [r.execution_id for r in records][-1] == "exec-december"


def test_the_same_job_again_is_not_counted_twice(served: Target, clock: MovingClock) -> None:
    admitted(served, name="exec-1")
    clock.move(days=20)  # in the next month, too
    again = admitted(served, name="exec-1")
    assert again.repeated
    assert again.month == "2026-11"
    assert started(served) == ["exec-1"]


def test_an_id_that_has_ended_counts_again(served: Target, clock: MovingClock) -> None:
    """Threat 55: never free, never twice."""
    ring = ring_of(served, "production")
    first = admitted(served, name="exec-1")
    assert (first.repeated, first.counted, first.left.runs) == (False, True, 2)
    joined = admitted(served, name="exec-1")  # its job died and is run again
    assert (joined.repeated, joined.counted, joined.left.runs) == (True, False, 2)
    record(served, joined, RunOutcome("exec-1", "success", usage=Usage(10, 10)), ring)
    again = admitted(served, name="exec-1")
    assert (again.repeated, again.counted, again.left.runs) == (True, True, 1)
    assert admitted(served, name="exec-1").left.runs == 1  # not ended yet: the same attempt
    record(served, again, RunOutcome("exec-1", "success", usage=Usage(10, 10)), ring)
    clock.move(days=7)  # in the next month, which has runs of its own
    later = admitted(served, name="exec-1")
    assert (later.month, later.repeated, later.left.runs) == ("2026-12", True, 2)
    clock.move(days=-7)
    admitted(served, name="exec-2")
    with pytest.raises(QuotaError, match="no run is left"):
        admitted(served, name="exec-3")
    (run,) = [
        run
        for run in runs_of(read_records(served, "production", every=True), clock.now())
        if run.start.execution_id == "exec-1" and run.start.time.startswith("2026-11")
    ]
    assert run.counted == 3


def test_two_attempts_at_once_count_as_two_once_both_have_ended(served: Target) -> None:
    ring = ring_of(served, "production")
    first, second = admitted(served, name="exec-1"), admitted(served, name="exec-1")
    assert (first.left.runs, second.left.runs) == (2, 2)
    for one in (first, second):
        record(served, one, RunOutcome("exec-1", "success"), ring)
    assert admitted(served, name="exec-2").left.runs == 0


def test_an_ended_id_needs_what_the_plan_has_left(served: Target) -> None:
    ring = ring_of(served, "production")
    for name in ("exec-1", "exec-2", "exec-3"):
        record(served, admitted(served, name=name), RunOutcome(name, "error"), ring)
    with pytest.raises(QuotaError, match="no run is left"):
        admitted(served, name="exec-1")
    ran = admit(served, "production", HELLO, BOB, execution_id="exec-1", once=True)
    assert (ran.repeated, ran.counted) == (True, False)  # a schedule leaves it alone


def test_an_id_stands_for_one_request_of_one_person(served: Target) -> None:
    admitted(served, name="exec-1")
    for who, more in ((BOB, {"inputs": {"who": "Eve"}}), (EVE, {})):
        with pytest.raises(UsageError, match="exec-1 is the id of another run"):
            admitted(served, who, "exec-1", **more)


def test_a_repeated_job_keeps_its_version(served: Target) -> None:
    admitted(served, name="exec-1")
    add_version(served, "1.1.0")
    deploy(served, "hello:1.1.0", "production")
    assert admitted(served, name="exec-2").serving.version == "1.1.0"
    with pytest.raises(RegistryError, match=r"admitted with hello:1\.0\.0, which serves no longer"):
        admitted(served, name="exec-1")


def test_tokens_and_dollars_are_reserved_until_they_are_known(served: Target) -> None:
    first = admitted(served, MIA, max_cost=1.0)
    second = admitted(served, MIA, max_cost=1.0)
    assert (first.ceiling.tokens, second.ceiling.tokens) == (500, 400)
    assert (first.ceiling.cost, second.ceiling.cost) == (1.0, 1.0)
    with pytest.raises(QuotaError, match="no token is left"):
        admitted(served, MIA)
    ring = ring_of(served, "production")
    record(served, first, RunOutcome(first.execution_id, "success", usage=Usage(10, 10)), ring)
    assert admitted(served, MIA).ceiling.tokens == 480
    assert admit(served, "production", HELLO, EVE).ceiling.cost is None


@pytest.mark.parametrize("name", ["-x", "a b", "x\n::error::y", "../../x"])
def test_a_hostile_execution_id_is_refused(served: Target, name: str) -> None:
    with pytest.raises(UsageError, match="can't be an execution id"):
        admitted(served, name=name)


@pytest.mark.parametrize("inputs", [{}, {"who": 1}, {"whom": "Ada"}])
def test_wrong_inputs_are_not_counted(served: Target, inputs: dict[str, object]) -> None:
    with pytest.raises(RegistryError, match="who"):
        admitted(served, inputs=inputs)
    assert started(served) == []


def test_eight_at_once_share_the_last_three_runs(clones: Callable[[int], list[Target]]) -> None:
    targets = clones(8)
    given: list[Admission] = []
    refused: list[QuotaError] = []
    failed: list[BaseException] = []

    def one(target: Target) -> None:
        try:
            given.append(admitted(target))
        except QuotaError as error:
            refused.append(error)
        except BaseException as error:  # noqa: BLE001 - shown below
            failed.append(error)

    threads = [threading.Thread(target=one, args=(target,)) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert (len(given), len(refused)) == (3, 5)
    records = read_records(targets[0], "production", every=True)
    assert {r.execution_id for r in records} == {made.execution_id for made in given}
    assert sorted(made.left.runs or 0 for made in given) == [0, 1, 2]
    assert branch_of("2026-11") in _git(targets[0].root, "ls-remote", "origin")
    _git(targets[0].root.parent / "bare.git", "fsck", "--strict")


def _git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_clocks_that_differ_between_admission_and_record_do_no_harm(
    clones: Callable[[int], list[Target]],
) -> None:
    one, other = clones(2)
    slow = Target(other.root, "origin", MovingClock(one.clock.now().replace(hour=1)))
    made = admitted(one)
    ring = ring_of(one, "production")
    assert record(slow, made, RunOutcome(made.execution_id, "success"), ring) is not None
    (run,) = runs_of(read_records(one, "production", every=True), one.clock.now())
    assert run.status == "success"


def test_a_job_as_one_process_leaves_start_and_end(served: Target) -> None:
    made, outcome = execute_request(served, "production", HELLO, BOB)
    assert outcome.status == "success"
    kinds = [(r.kind, r.execution_id) for r in read_records(served, "production", every=True)]
    assert kinds == [("started", made.execution_id), ("finished", made.execution_id)]
    assert KEY not in str(kinds)


def test_a_version_that_demands_encryption_takes_no_plain_dispatch(served: Target) -> None:
    add_version(served, "1.1.0", "\nsecurity: { data_privacy: { encryption: aes-256 } }\n")
    deploy(served, "hello:1.1.0", "production")
    with pytest.raises(UsageError, match="requires encryption"):
        admitted(served)
    sealed = dispatched(served, HELLO)
    made, outcome = execute_request(served, "production", sealed, BOB)
    assert (made.encryption, outcome.status) == ("aes-256", "success")
    with pytest.raises(RegistryError, match=r"do not fit what hello:1\.1\.0 takes"):
        wrong = dispatched(served, ExecuteRequest("hello", {"whom": "x"}))
        admit(served, "production", wrong, BOB)
    execute_request(served, "production", HELLO, Requester())  # nobody else reads it here


@pytest.mark.parametrize("who", ["a\ud800b", "\udfff"])
def test_half_a_character_is_refused_before_anything_is_written(served: Target, who: str) -> None:
    for requester in (BOB, Requester()):
        with pytest.raises(UsageError, match="the input 'who' holds half a character"):
            admit(served, "production", ExecuteRequest("hello", {"who": who}), requester)
    assert started(served) == []
