"""Checkpoints cover run records: what grew, was cut, was deleted, pruned or edited, in a real repository."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from registry_tool.commands.privacy.prune import PruneResult, prune
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admit import admit
from registry_tool.core.errors import UsageError
from registry_tool.core.files import pretty_json
from registry_tool.core.hash_chain import ChainProblem, hash_of
from registry_tool.core.values import Object
from registry_tool.monitoring.records import BrokenRecordError, read_record, sealed
from registry_tool.security.checkpoints import WITHOUT_RUNS, checkpoint
from registry_tool.security.signing import sign
from registry_tool.state.audit_log import entries, make_checkpoint, note
from registry_tool.state.audit_verify import verify_audit
from registry_tool.state.runs.records import branch_of, records_by_month, ring_of
from registry_tool.state.target import Target
from registry_tool.store.branch import Branch
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from tests.commands.conftest import NOON, MovingClock

HELLO = ExecuteRequest("hello", {"who": "Ada"})
EVE = Requester(22, "eve")
FIRST, SECOND = "2026-11", "2026-12"
OLDEST = f"runs-{FIRST}:production"
GONE = (
    "all 2 run records that the checkpoint counts are gone, and no entry says that they were pruned"
)


def run(target: Target, name: str, environment: str = "production") -> None:
    admit(target, environment, HELLO, EVE, execution_id=name)


def write(target: Target, changes: dict[str, bytes | None], month: str = FIRST) -> None:
    """What somebody does who may push."""
    who = Identity("mallory", "mallory@example.com", "2026-11-25T12:00:00Z")
    branch = Branch(Repository(target.root), branch_of(month), target.remote)
    branch.write(lambda _: changes, "Change", who)


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test leaves what the others copy."""
    return tmp_path_factory.mktemp("counted") / "clone"


@pytest.fixture
def counted(
    request: pytest.FixtureRequest, made: Path, clock: MovingClock, tmp_path: Path
) -> Target:
    """Two runs in November, one in December; a copy for each test."""
    if not made.exists():
        served: Target = request.getfixturevalue("served")
        settings = served.root / "registry/registry.yaml"
        settings.write_text(settings.read_text() + "policy: { record_retention: 60d }\n")
        run(served, "exec-1")
        run(served, "exec-2")
        clock.move(days=10)
        run(served, "exec-3")
        shutil.copytree(served.root, made)
    clock.time = NOON + timedelta(days=10)
    shutil.copytree(made, tmp_path / "clone")
    return Target(tmp_path / "clone", clock=clock)


@pytest.fixture
def kept(counted: Target, tmp_path: Path) -> Path:
    path = tmp_path / "kept.json"
    path.write_text(pretty_json(make_checkpoint(counted, "production", {})))
    return path


def broken(target: Target, kept: Path) -> list[ChainProblem]:
    return list(verify_audit(target, kept, environ={}).broken)


def of_runs(clone: Target, kept: Path) -> list[ChainProblem]:
    """What is broken of the run records; the clones' deployments were made without an audit log."""
    found = verify_audit(clone, kept, "production", clone.environ).broken
    return [item for item in found if item.location.startswith("runs-")]


def test_a_checkpoint_counts_run_records_by_month(counted: Target, kept: Path) -> None:
    runs = json.loads(kept.read_text())["runs"]
    assert {month: end["count"] for month, end in runs.items()} == {FIRST: 2, SECOND: 1}
    files = Branch(Repository(counted.root), branch_of(FIRST)).files()
    assert runs[FIRST]["head"] == hash_of(files.read("production/00000002.json"))


def test_honest_growth_is_whole(counted: Target, kept: Path, clock: MovingClock) -> None:
    run(counted, "exec-4")
    clock.move(days=40)
    run(counted, "exec-5")
    run(counted, "exec-6", "development")
    verdict = verify_audit(counted, kept, environ={})
    assert (verdict.broken, verdict.unverified) == ((), ())
    assert verdict.run_records == {FIRST: 2, SECOND: 1}


def test_records_that_were_cut_off_are_named(counted: Target, kept: Path) -> None:
    git(counted.root, "update-ref", f"refs/heads/{branch_of(FIRST)}", f"{branch_of(FIRST)}~1")
    assert verify_audit(counted, environ={}).broken == (), "nothing else shows it"
    assert broken(counted, kept) == [
        ChainProblem(OLDEST, "only 1 of the 2 run records that the checkpoint counts are left")
    ]


def test_a_cut_by_a_forced_push_is_named(
    clones: Callable[[int], list[Target]], tmp_path: Path
) -> None:
    one, other = clones(2)
    run(one, "exec-1")
    run(one, "exec-2")
    path = tmp_path / "kept.json"
    path.write_text(pretty_json(make_checkpoint(one, "production", one.environ)))
    assert of_runs(other, path) == []
    bare = tmp_path / "bare.git"
    git(bare, "update-ref", f"refs/heads/{branch_of(FIRST)}", f"{branch_of(FIRST)}~1")
    for clone in (one, other):
        assert of_runs(clone, path) == [
            ChainProblem(OLDEST, "only 1 of the 2 run records that the checkpoint counts are left")
        ]
    git(bare, "update-ref", "-d", f"refs/heads/{branch_of(FIRST)}")
    assert of_runs(other, path) == [ChainProblem(OLDEST, GONE)]


def test_a_history_that_the_keys_holder_wrote_anew_is_named(counted: Target, kept: Path) -> None:
    """Each record follows on the one before and is signed; only the checkpoint knows another one."""
    files = Branch(Repository(counted.root), branch_of(FIRST)).files()
    first, second = (files.read(f"production/0000000{number}.json") for number in (1, 2))
    draft = replace(read_record(second, ""), execution_id="exec-other")
    ring = ring_of(counted, "production")
    _, data = sealed(draft, 2, hash_of(first), lambda value: sign(value, ring))
    write(counted, {"production/00000002.json": data})
    assert broken(counted, kept) == [
        ChainProblem(
            f"{OLDEST}/00000002.json",
            "the run records up to it aren't those that the checkpoint was made of",
        )
    ]


def test_a_record_that_was_changed_is_named(counted: Target, kept: Path) -> None:
    path = "production/00000001.json"
    data = Branch(Repository(counted.root), branch_of(FIRST)).files().read(path)
    write(counted, {path: data.replace(b"exec-1", b"exec-7")})
    (found,) = broken(counted, kept)
    assert found == ChainProblem(
        f"{OLDEST}/00000002.json",
        "the record before it was changed or taken out",
    )
    with pytest.raises(BrokenRecordError, match="before it was changed"):
        make_checkpoint(counted, "production", {})


def test_a_deleted_month_is_named(counted: Target, kept: Path) -> None:
    git(counted.root, "branch", "-D", branch_of(FIRST))
    assert broken(counted, kept) == [ChainProblem(OLDEST, GONE)]
    assert verify_audit(counted, kept, environ={}).run_records == {SECOND: 1}


def test_an_environments_folder_alone_that_is_gone_is_named(counted: Target, kept: Path) -> None:
    run(counted, "exec-5", "development")
    write(counted, {f"production/0000000{number}.json": None for number in (1, 2)})
    assert broken(counted, kept) == [ChainProblem(OLDEST, GONE)]


def test_a_pruned_month_is_not_missed(counted: Target, kept: Path, clock: MovingClock) -> None:
    clock.move(days=62)
    assert prune(counted, records_by_month(counted), environ={}).months == (FIRST, SECOND)
    verdict = verify_audit(counted, kept, environ={})
    assert (verdict.broken, verdict.unverified, verdict.run_records) == ((), (), {})


def test_only_a_signed_entry_says_that_a_month_was_pruned(counted: Target, kept: Path) -> None:
    git(counted.root, "branch", "-D", branch_of(FIRST))
    note(counted, "production", "", "prune", {"months": [SECOND]}, {})
    note(counted, "production", "", "erase", {"months": [FIRST]}, {})
    assert broken(counted, kept) == [ChainProblem(OLDEST, GONE)]
    path = note(counted, "production", "", "prune", {"months": [FIRST]}, {})
    assert broken(counted, kept) == []
    log = Branch(Repository(counted.root), "audit")
    data = log.files().read(path).replace(b'"months"', b'"Months"')
    log.write(lambda _: {path: data}, "x", Identity("m", "m@m", "2026-11-25T12:00:00Z"))
    assert ChainProblem(OLDEST, GONE) in broken(counted, kept)


def test_anothers_log_does_not_say_that_a_month_was_pruned(counted: Target, kept: Path) -> None:
    """Whoever holds one environment's key can't explain away another one's records."""
    git(counted.root, "branch", "-D", branch_of(FIRST))
    note(counted, "development", "", "prune", {"months": [FIRST]}, {})
    assert broken(counted, kept) == [ChainProblem(OLDEST, GONE)]


def test_of_an_environment_that_is_listed_no_more_anothers_log_is_reported(
    counted: Target, kept: Path
) -> None:
    settings = counted.root / "registry/registry.yaml"
    settings.write_text(settings.read_text().replace("production:", "elsewhere:"))
    git(counted.root, "branch", "-D", branch_of(FIRST))
    note(counted, "development", "", "prune", {"months": [FIRST]}, {})
    verdict = verify_audit(counted, kept, environ={})
    assert verdict.broken == ()
    assert verdict.unverified == (
        ChainProblem(
            OLDEST, "the month was pruned, as the log of development says; production's own doesn't"
        ),
    )


def test_a_month_goes_once_each_environment_has_let_it_go(
    counted: Target, kept: Path, clock: MovingClock
) -> None:
    run(counted, "exec-5", "development")
    clock.move(days=62)

    def sweep(environment: str) -> PruneResult:
        return prune(counted, records_by_month(counted), environment=environment, environ={})

    one = sweep("production")
    assert (one.months, dict(one.waiting)) == ((FIRST,), {SECOND: ["development"]})
    again = sweep("production")
    assert (again.months, dict(again.waiting)) == ((), {SECOND: ["development"]})
    assert [entry.detail["months"] for entry in swept(counted, "production")] == [[FIRST, SECOND]]
    two = sweep("development")
    assert (two.months, dict(two.waiting)) == ((SECOND,), {})
    assert [entry.detail["months"] for entry in swept(counted, "development")] == [[SECOND]]
    verdict = verify_audit(counted, kept, environ={})
    assert (verdict.broken, verdict.unverified, verdict.run_records) == ((), (), {})


def test_a_forged_entry_lets_nothing_go(counted: Target, clock: MovingClock) -> None:
    run(counted, "exec-5", "development")
    note(counted, "development", "", "erase", {"months": [SECOND]}, {})
    log = Branch(Repository(counted.root), "audit")
    [(path, data)] = [(p, d) for p, d in log.files().contents("development") if b'"erase"' in d]
    forged = data.replace(b'"erase"', b'"prune"')
    log.write(lambda _: {path: forged}, "x", Identity("m", "m@m", "2026-11-25T12:00:00Z"))
    clock.move(days=62)
    done = prune(counted, records_by_month(counted), environment="production", environ={})
    assert dict(done.waiting) == {SECOND: ["development"]}


def swept(target: Target, environment: str) -> list[Any]:
    return [entry for entry in entries(target, environment) if entry.action == "prune"]


def test_an_old_checkpoint_counts_for_the_log_alone(counted: Target, tmp_path: Path) -> None:
    ring = ring_of(counted, "production")
    now: Object = checkpoint([], "production", "2026-11-25T12:00:00.000Z", ring)
    old: Object = {key: now[key] for key in now if key not in {"runs", "signature"}}
    old["format"] = WITHOUT_RUNS
    path = tmp_path / "old.json"
    path.write_text(pretty_json({**old, "signature": sign(old, ring)}))
    git(counted.root, "branch", "-D", branch_of(FIRST))
    verdict = verify_audit(counted, path, environ={})
    assert (verdict.broken, verdict.run_records) == ((), None)


def test_a_checkpoint_without_its_runs_is_none(counted: Target, kept: Path) -> None:
    """Who changes what it says of runs breaks its signature."""
    value = json.loads(kept.read_text())
    value["runs"].pop(FIRST)
    kept.write_text(pretty_json(value))
    git(counted.root, "branch", "-D", branch_of(FIRST))
    assert broken(counted, kept) == [
        ChainProblem("production", "no known key made the checkpoint's signature")
    ]


def test_a_checkpoint_of_another_environment_is_not_passed_over(
    counted: Target, kept: Path
) -> None:
    with pytest.raises(UsageError, match="the checkpoint is of production, and --env says devel"):
        verify_audit(counted, kept, "development", {})
