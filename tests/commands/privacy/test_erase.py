"""Erasure: whose runs are found, what goes, what the certificate says, and that repeating it does no harm."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from registry_tool.commands.privacy.erase import Whose, erase
from registry_tool.core.appending import open_appending
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.security.encrypt import seal_payload
from registry_tool.security.keys import VARIABLE, parse_ring
from registry_tool.security.signing import verify
from registry_tool.state.audit_log import entries
from registry_tool.state.audit_verify import verify_audit
from registry_tool.state.runs.keys import context_of, keep_key, open_run, run_key, run_keys
from tests.commands.privacy_places import BOTH, NEW, NOW, OLD, Place, git, make_place

RING = parse_ring(OLD[VARIABLE], "production")


@dataclass
class Payload:
    artifact: str


@dataclass
class Run:
    """A record, as far as erasure looks at it."""

    execution_id: str
    actor: str
    subject: str = ""
    payload: Payload | None = None


class Fixture:
    """Three runs by two people about two subjects, with payloads and logs."""

    def __init__(self, tmp_path: Path) -> None:
        self.location = make_place(tmp_path)
        self.runs = [
            self.run(tmp_path, "exec-1", "7", "customer-1"),
            self.run(tmp_path, "exec-2", "7", "customer-2"),
            self.run(tmp_path, "exec-3", "8", "customer-1"),
        ]
        self.log = self.location.root / ".git/registry-tool/logs/production/greeter.jsonl"
        self.log.parent.mkdir(parents=True)
        names = ("exec-1", "exec-2", "exec-1.callee", "exec-3", "exec-10")
        self.log.write_text(
            "".join(json.dumps({"workflow": {"execution_id": name}}) + "\n" for name in names)
        )

    def run(self, folder: Path, name: str, actor: str, subject: str) -> Run:
        blob, wrapped = seal_payload(name.encode(), RING, context_of("production", name))
        (folder / f"{name}.bin").write_bytes(blob)
        keep_key(self.location, run_key("production", name, wrapped, NOW))
        return Run(
            name,
            RING.pseudonym("actor", actor),
            RING.pseudonym("subject", subject),
            Payload(f"run-{name}"),
        )

    def read(self, _: Place, environment: str) -> list[Run]:
        return self.runs if environment == "production" else []

    def left(self) -> list[str]:
        return [key.execution_id for key in run_keys(self.location, "production")]


@pytest.fixture
def fixture(tmp_path: Path) -> Fixture:
    return Fixture(tmp_path)


@pytest.mark.parametrize(
    ("whose", "gone"),
    [
        (Whose(subject="customer-1"), ["exec-1", "exec-3"]),
        (Whose(actor=7), ["exec-1", "exec-2"]),
        (Whose(execution_id="exec-2"), ["exec-2"]),
        (Whose(subject="customer-9"), []),
        (Whose(execution_id="exec-22"), []),
        (Whose(subject="7"), []),
    ],
)
def test_the_right_runs_are_found(fixture: Fixture, whose: Whose, gone: list[str]) -> None:
    done = erase(fixture.location, "production", whose, fixture.read, environ=OLD)
    assert list(done.executions) == gone
    assert done.keys == len(gone)
    assert fixture.left() == [
        run.execution_id for run in fixture.runs if run.execution_id not in gone
    ]


def test_what_is_erased_opens_no_more_and_the_rest_does(fixture: Fixture, tmp_path: Path) -> None:
    erase(fixture.location, "production", Whose(subject="customer-1"), fixture.read, environ=OLD)
    opened = open_run(fixture.location, tmp_path / "exec-2.bin", "production", "exec-2", RING)
    assert opened == b"exec-2"
    with pytest.raises(NotFoundError, match="was erased"):
        open_run(fixture.location, tmp_path / "exec-1.bin", "production", "exec-1", RING)
    git(fixture.location.root, "fsck", "--strict")


def test_log_lines_of_the_runs_and_their_callees_go(fixture: Fixture) -> None:
    done = erase(
        fixture.location, "production", Whose(subject="customer-1"), fixture.read, environ=OLD
    )
    assert done.log_lines == 3
    lines = fixture.log.read_text().splitlines()
    left = [json.loads(line)["workflow"]["execution_id"] for line in lines]
    assert left == ["exec-2", "exec-10"]


def test_a_log_that_is_being_written_is_left_and_named(fixture: Fixture) -> None:
    whose = Whose(subject="customer-1")
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

    whose = Whose(subject="customer-1")
    done = erase(
        fixture.location, "production", whose, fixture.read, remove_artifact=remove, environ=OLD
    )
    assert asked == ["run-exec-1", "run-exec-3"]
    assert done.artifacts == ("run-exec-1",)
    assert any("no key opens them any more): run-exec-3" in said for said in done.remaining)


def test_a_dry_run_says_the_same_and_changes_nothing(fixture: Fixture) -> None:
    before = git(fixture.location.root, "for-each-ref")
    text = fixture.log.read_text()
    whose = Whose(subject="customer-1")
    plan = erase(fixture.location, "production", whose, fixture.read, dry_run=True, environ=OLD)
    assert (plan.keys, plan.log_lines, len(plan.artifacts)) == (2, 3, 2)
    assert (git(fixture.location.root, "for-each-ref"), fixture.log.read_text()) == (before, text)
    done = erase(fixture.location, "production", whose, fixture.read, environ=OLD)
    assert (done.executions, done.keys, done.log_lines) == (plan.executions, 2, 3)


def test_the_certificate_is_signed_and_honest(fixture: Fixture) -> None:
    done = erase(
        fixture.location, "production", Whose(subject="customer-1"), fixture.read, environ=OLD
    )
    value = done.to_value()
    assert verify(value, done.signature, RING.public)
    said = " ".join(done.remaining)
    for part in ("downloaded", "records", "git gc", RING.newest.id, "run-exec-1, run-exec-3"):
        assert part in said
    assert "customer-1" not in json.dumps(value)


def test_it_is_noted_without_a_name(fixture: Fixture) -> None:
    done = erase(
        fixture.location, "production", Whose(subject="customer-1"), fixture.read, environ=OLD
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
    whose = Whose(subject="customer-1")
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
        Whose(**words)  # type: ignore[arg-type]
