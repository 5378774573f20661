from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from registry_tool.commands.admission import Admission
from registry_tool.commands.admit import admit
from registry_tool.commands.deployed import Target
from registry_tool.commands.records import branch_of, read_records, reader, ring_of
from registry_tool.commands.request import ExecuteRequest
from registry_tool.commands.run_asker import Asker
from registry_tool.core.errors import RegistryError
from registry_tool.monitoring.records import BrokenRecordError, digest_of, read_record, sealed
from registry_tool.security.signing import sign
from registry_tool.store.branch import Branch
from registry_tool.store.git import Identity, Repository

HELLO = ExecuteRequest("hello", {"who": "Ada"})
BOB = Asker(8, "bob")


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
    _, data = sealed(draft, 2, digest_of(last), lambda value: sign(value, others))
    push(served, "production/00000002.json", data)
    with pytest.raises(BrokenRecordError, match="signature") as refused:
        admitted(served)
    assert refused.value.place == "runs-2026-11:production/00000002.json"
    with pytest.raises(BrokenRecordError):
        read_records(served)


def test_a_missing_record_stops_admissions_and_is_named(served: Target) -> None:
    for number in range(2):
        admitted(served, name=f"exec-{number}")
    push(served, "production/00000001.json", None)
    with pytest.raises(BrokenRecordError, match="00000001 is missing"):
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
