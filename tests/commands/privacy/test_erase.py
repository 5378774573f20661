"""Erasure: whose runs are found, what goes, what the certificate says, and that repeating it does no harm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry_tool.commands.privacy.erase import ErasureScope, erase
from registry_tool.core.appending import open_appending
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.state.audit_log import entries
from registry_tool.state.audit_verify import verify_audit
from registry_tool.state.runs.keys import open_run
from tests.commands.privacy.kept_runs import RING, Fixture
from tests.commands.privacy_places import BOTH, NEW, OLD, git


@pytest.mark.parametrize(
    ("whose", "gone"),
    [
        (ErasureScope(subject="customer-1"), ["exec-1", "exec-3"]),
        (ErasureScope(actor=7), ["exec-1", "exec-2"]),
        (ErasureScope(execution_id="exec-2"), ["exec-2"]),
        (ErasureScope(subject="customer-9"), []),
        (ErasureScope(execution_id="exec-22"), []),
        (ErasureScope(subject="7"), []),
    ],
)
def test_the_right_runs_are_found(fixture: Fixture, whose: ErasureScope, gone: list[str]) -> None:
    done = erase(fixture.location, "production", whose, fixture.read, environ=OLD)
    assert list(done.executions) == gone
    assert done.keys == len(gone)
    assert fixture.left() == [
        run.execution_id for run in fixture.runs if run.execution_id not in gone
    ]


def test_what_is_erased_opens_no_more_and_the_rest_does(fixture: Fixture, tmp_path: Path) -> None:
    erase(
        fixture.location,
        "production",
        ErasureScope(subject="customer-1"),
        fixture.read,
        environ=OLD,
    )
    opened = open_run(fixture.location, tmp_path / "exec-2.bin", "production", "exec-2", RING)
    assert opened == b"exec-2"
    with pytest.raises(NotFoundError, match="was erased"):
        open_run(fixture.location, tmp_path / "exec-1.bin", "production", "exec-1", RING)
    git(fixture.location.root, "fsck", "--strict")


def test_log_lines_of_the_runs_and_their_callees_go(fixture: Fixture) -> None:
    done = erase(
        fixture.location,
        "production",
        ErasureScope(subject="customer-1"),
        fixture.read,
        environ=OLD,
    )
    assert done.log_lines == 3
    lines = fixture.log.read_text().splitlines()
    left = [json.loads(line)["workflow"]["execution_id"] for line in lines]
    assert left == ["exec-2", "exec-10"]


def test_a_log_that_is_being_written_is_left_and_named(fixture: Fixture) -> None:
    whose = ErasureScope(subject="customer-1")
    with open_appending(fixture.log):
        done = erase(fixture.location, "production", whose, fixture.read, environ=OLD)
    assert any("is being written to: run this again" in said for said in done.remaining)
    again = erase(fixture.location, "production", whose, fixture.read, environ=OLD)
    assert (again.keys, again.log_lines) == (0, 3)


def test_artifacts_go_where_a_forge_is_named(fixture: Fixture) -> None:
    asked: list[str] = []

    def remove(name: str) -> bool:
        asked.append(name)
        return name == "run-exec-1"

    whose = ErasureScope(subject="customer-1")
    done = erase(
        fixture.location, "production", whose, fixture.read, remove_artifact=remove, environ=OLD
    )
    assert asked == ["run-exec-1", "run-exec-3"]
    assert done.artifacts == ("run-exec-1",)
    assert any("no key opens them any more): run-exec-3" in said for said in done.remaining)


def test_a_dry_run_says_the_same_and_changes_nothing(fixture: Fixture) -> None:
    before = git(fixture.location.root, "for-each-ref")
    text = fixture.log.read_text()
    whose = ErasureScope(subject="customer-1")
    plan = erase(fixture.location, "production", whose, fixture.read, dry_run=True, environ=OLD)
    assert (plan.keys, plan.log_lines, len(plan.artifacts)) == (2, 3, 2)
    assert (git(fixture.location.root, "for-each-ref"), fixture.log.read_text()) == (before, text)
    done = erase(fixture.location, "production", whose, fixture.read, environ=OLD)
    assert (done.executions, done.keys, done.log_lines) == (plan.executions, 2, 3)


def test_it_is_noted_without_a_name(fixture: Fixture) -> None:
    done = erase(
        fixture.location,
        "production",
        ErasureScope(subject="customer-1"),
        fixture.read,
        environ=OLD,
    )
    [entry] = entries(fixture.location)
    assert entry.action == "erase"
    assert entry.detail == {"by": "subject", "executions": ["exec-1", "exec-3"], "keys": 2}
    assert done.audit == "production/00000001.json"
    assert verify_audit(fixture.location, environ=OLD).broken == ()
    log = git(fixture.location.root, "log", "-p", "--all")
    assert "customer-1" not in log
    assert RING.pseudonym("subject", "customer-1") not in log


def test_after_a_rotation_people_are_found_by_the_old_pseudonym(fixture: Fixture) -> None:
    whose = ErasureScope(subject="customer-1")
    plan = erase(fixture.location, "production", whose, fixture.read, dry_run=True, environ=BOTH)
    assert plan.executions == ("exec-1", "exec-3")
    lost = erase(fixture.location, "production", whose, fixture.read, dry_run=True, environ=NEW)
    assert lost.executions == ()
    assert "can't be found by person" in " ".join(lost.remaining)


@pytest.mark.parametrize(
    "words", [{}, {"subject": "a", "actor": 1}, {"actor": 1, "execution_id": "e"}]
)
def test_one_of_three_is_named(words: dict[str, str | int]) -> None:
    with pytest.raises(UsageError, match="exactly one"):
        ErasureScope(**words)  # type: ignore[arg-type]
