"""The audit log in real repositories: notes, rivals, checkpoints, tampering with the branch itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.state.audit_log import entries, make_checkpoint, note
from registry_tool.state.audit_verify import verify_audit
from tests.commands.privacy_places import OLD, LocationStandIn, at_once, git, make_place, tamper


@pytest.mark.parametrize("remote", [False, True])
def test_notes_are_chained_signed_and_listed(tmp_path: Path, *, remote: bool) -> None:
    location = make_place(tmp_path, remote=remote)
    assert note(location, "production", "a" * 32, "erase", {"runs": 2}, OLD) == (
        "production/00000001.json"
    )
    note(location, "production", "", "prune", {"keys": 1}, OLD)
    note(location, "staging", "", "prune", {}, OLD)
    found = list(entries(location))
    assert [(e.environment, e.number, e.action) for e in found] == [
        ("production", 1, "erase"),
        ("production", 2, "prune"),
        ("staging", 1, "prune"),
    ]
    assert found[0].detail == {"runs": 2}
    verdict = verify_audit(location, environ=OLD)
    assert verdict.broken == ()
    assert verdict.counts == {"production": 2, "staging": 1}
    assert verdict.anchored == ("production", "staging")


def test_details_hold_no_personal_data(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    note(location, "production", "", "denied", {"why": "ada@corp.dev may not"}, OLD)
    assert "ada@" not in git(location.root, "show", "audit:production/00000001.json")


def test_no_checkpoint_is_made_of_a_broken_chain(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    note(location, "production", "", "prune", {}, OLD)
    tamper(location, {"production/00000001.json": b"{}"})
    with pytest.raises(RegistryError, match="not a valid entry") as caught:
        make_checkpoint(location, "production", OLD)
    assert "verify" in caught.value.hint


def test_writers_at_once_all_land(tmp_path: Path) -> None:
    location = make_place(tmp_path, remote=True)
    note(location, "production", "", "prune", {}, OLD)
    failures: list[BaseException] = []

    def work(number: int) -> None:
        clone = tmp_path / f"clone-{number}"
        try:
            git(tmp_path, "clone", "-q", str(location.root), str(clone))
            git(clone, "remote", "set-url", "origin", str(tmp_path / "origin.git"))
            note(
                LocationStandIn(clone, "origin", location.clock),
                "production",
                "",
                "erase",
                {"n": number},
                OLD,
            )
        except RegistryError as error:
            failures.append(error)

    at_once(work, 5)
    assert failures == []
    verdict = verify_audit(location, environ=OLD)
    assert (verdict.counts, verdict.broken) == ({"production": 6}, ())
