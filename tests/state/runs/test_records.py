from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from registry_tool.commands.privacy.prune import prune
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admission import Admission
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.execute import execute_request
from registry_tool.core.errors import RegistryError
from registry_tool.core.hash_chain import hash_of
from registry_tool.monitoring.records import BrokenRecordError, read_record, sealed
from registry_tool.security.signing import sign
from registry_tool.state.runs.records import (
    branch_of,
    months,
    read_records,
    reader,
    records_by_month,
    ring_of,
)
from registry_tool.state.target import Target
from registry_tool.store.branch import Branch
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from registry_tool.store.state.notes import StateNotes
from tests.commands.conftest import MovingClock

HELLO = ExecuteRequest("hello", {"who": "Ada"})
BOB = Requester(8, "bob")
EVE = Requester(22, "eve")


def admitted(target: Target, name: str = "") -> Admission:
    return admit(target, "production", HELLO, BOB, execution_id=name)


def push(target: Target, path: str, data: bytes | None) -> None:
    """What somebody does who may push."""
    branch = Branch(Repository(target.root), branch_of("2026-11"))
    who = Identity("eve", "eve@example.com", "2026-11-25T12:00:00Z")
    branch.write(lambda _: {path: data}, "Change", who)


def test_a_forged_record_stops_admissions_and_is_named(served: Target) -> None:
    admitted(served, name="exec-1")
    branch = Branch(Repository(served.root), branch_of("2026-11"))
    last = branch.files().read("production/00000001.json")
    draft = replace(read_record(last, ""), execution_id="exec-forged")
    others = ring_of(served, "development")
    _, data = sealed(draft, 2, hash_of(last), lambda value: sign(value, others))
    push(served, "production/00000002.json", data)
    with pytest.raises(BrokenRecordError, match="signature") as refused:
        admitted(served)
    assert refused.value.location == "runs-2026-11:production/00000002.json"
    with pytest.raises(BrokenRecordError):
        read_records(served)


def test_signatures_that_no_key_can_check_are_reported(
    served: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    admitted(served, name="exec-1")
    messages: list[str] = []
    target = replace(served, notes=StateNotes(say=messages.append))
    read_records(target, every=True)
    assert messages == []
    monkeypatch.setattr("registry_tool.state.runs.records.reader", lambda *_: None)
    read_records(target, every=True)
    assert messages == ["production has no published key: no signature of its records was checked"]


def test_a_missing_record_stops_admissions_and_is_named(served: Target) -> None:
    for number in range(2):
        admitted(served, name=f"exec-{number}")
    push(served, "production/00000001.json", None)
    with pytest.raises(BrokenRecordError, match="the record 1 is missing"):
        admitted(served)


def test_records_on_a_remote_need_the_environments_own_key(
    clones: Callable[[int], list[Target]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (clone,) = clones(1)
    monkeypatch.delenv("PUPPY_ENVIRONMENT_KEY")
    with pytest.raises(RegistryError, match="its key isn't here"):
        admitted(clone)


def test_who_only_reads_checks_signatures_by_the_published_key(
    clones: Callable[[int], list[Target]], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = clones(2)
    admitted(one, name="exec-1")
    monkeypatch.delenv("PUPPY_ENVIRONMENT_KEY")
    assert reader(other, "production") is not None
    assert [r.execution_id for r in read_records(other, "production", every=True)] == ["exec-1"]


def test_erasure_and_pruning_see_every_record(
    served: Target, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute_request(served, "production", HELLO, EVE, execution_id="exec-1")
    clock.move(days=40)
    execute_request(served, "production", HELLO, EVE, execution_id="exec-2")
    assert [run.execution_id for run in read_records(served, "production")] == [
        *("exec-1", "exec-1"),
        *("exec-2", "exec-2"),
    ]
    assert set(records_by_month(served)) == {"2026-11", "2027-01"}


def test_a_pruned_month_does_not_stop_the_next_ones(served: Target, clock: MovingClock) -> None:
    settings = served.root / "registry/registry.yaml"
    settings.write_text(settings.read_text() + "policy: { record_retention: 60d }\n")
    execute_request(served, "production", HELLO, EVE)
    clock.move(days=10)
    execute_request(served, "production", HELLO, EVE)
    clock.move(days=100)
    pruned = prune(served, records_by_month(served))
    assert pruned.months == ("2026-11", "2026-12")
    assert months(served) == []
    execute_request(served, "production", HELLO, EVE)
    assert months(served) == ["2027-03"]
